#include "tests/sim/world.h"

#include <algorithm>
#include <utility>

namespace segue::sim {

namespace {
constexpr std::uint64_t world_stream = 2;
constexpr std::uint64_t fault_streams = 10;
constexpr std::size_t watchers = 3;
constexpr Time settle_time = 60 * second;
constexpr Time look_every = 50 * ms;
constexpr std::uint64_t events_max = 2'000'000;
}  // namespace

World::World(const Plan& plan)
    : plan_(plan),
      faults_(plan.faults ? Faults(*plan.faults) : Faults::drawn(plan.seed)),
      trace_(plan.trace),
      dice_(plan.seed, world_stream),
      docs_{{"sim", "list"}, {"sim", "text"}, {"sim", "other"}},
      limits_(draw_limits(plan.seed, faults_)),
      commit_options_(draw_commit_options(plan.seed, faults_)),
      disk_(plan.seed, faults_, ledger_) {
  const std::size_t clients = 2 + dice_.below(4);
  const auto length_ms = static_cast<std::int64_t>(1'000 + dice_.below(9'000));
  plan_.clients = plan.clients.value_or(clients);
  plan_.length_ms = plan.length_ms.value_or(length_ms);
  for (std::size_t fault = 0; fault < fault_count; ++fault) {
    fault_dice_.emplace_back(plan.seed, fault_streams + fault);
  }
  for (std::size_t number = 0; number < *plan_.clients; ++number) {
    const bool tab = faults_.on(Fault::tabs) && number == 1;
    people_.push_back(
        std::make_unique<Person>(*this, number, tab ? people_.front().get() : nullptr));
  }
  if (faults_.on(Fault::probes)) {
    prober_ = std::make_unique<Prober>(*this);
  }
  for (std::size_t number = 0; faults_.on(Fault::watchers) && number < watchers; ++number) {
    watchers_.push_back(std::make_unique<Watcher>(*this, number));
  }
}

World::~World() {
  scheduler_.clear();
  if (process_ != nullptr) {
    process_->vanish();
  }
}

std::shared_ptr<Link> World::new_link(ClientEnd& client) {
  return std::make_shared<Link>(*this, ++links_, client);
}

bool World::has_twin(const Person& person) const {
  return faults_.on(Fault::tabs) && people_.size() > 1 && &person == people_.front().get();
}

// ---- the run

Report World::run() {
  Report report;
  try {
    play();
  } catch (const Violation& violation) {
    report.violation = violation.what();
    note({report.violation});
  }
  report.event = scheduler_.events();
  report.hash = trace_.hash();
  report.acks = acks_;
  report.faults = faults_.mask();
  report.clients = *plan_.clients;
  report.length_ms = *plan_.length_ms;
  return report;
}

bool World::goes_on() const {
  if (scheduler_.events() > events_max) {
    throw Violation("S8/G18 no input stalls: the run does not end");
  }
  return !plan_.until || scheduler_.events() < *plan_.until;
}

void World::play() {
  start_process();
  for (const auto& person : people_) {
    person->start();
  }
  if (prober_ != nullptr) {
    prober_->start();
  }
  for (const auto& watcher : watchers_) {
    watcher->start();
  }
  for (std::size_t fault = 0; fault < fault_count; ++fault) {
    strike_later(static_cast<Fault>(fault));
  }
  while (goes_on() && scheduler_.now() < *plan_.length_ms * ms) {
    scheduler_.step();
  }
  if (goes_on()) {
    heal();
    wait_until_settled();
  }
}

void World::wait_until_settled() {
  const Time deadline = scheduler_.now() + settle_time;
  Time look_at = scheduler_.now();
  while (goes_on()) {
    if (!scheduler_.empty()) {
      scheduler_.step();
    }
    if (!scheduler_.empty() && scheduler_.now() < look_at) {
      continue;
    }
    look_at = scheduler_.now() + look_every;
    const std::string why = unsettled();
    if (why.empty()) {
      return;
    }
    if (scheduler_.now() > deadline || scheduler_.empty()) {
      throw Violation("S8/G7 nothing is lost or stuck: " +
                      std::to_string((scheduler_.now() - deadline + settle_time) / second) +
                      " s after the last fault " + why);
    }
  }
}

std::string World::unsettled() {
  for (const auto& person : people_) {
    if (std::string why = person->unsettled(); !why.empty()) {
      return why;
    }
  }
  for (const auto& watcher : watchers_) {
    if (std::string why = watcher->unsettled(watchers_); !why.empty()) {
      return why;
    }
  }
  return "";
}

// ---- faults

void World::strike_later(Fault fault) {
  if (!faults_.on(fault)) {
    return;
  }
  Dice& dice = fault_dice_[static_cast<std::size_t>(fault)];
  scheduler_.after(dice.between(100 * ms, 4 * second), dice, [this, fault] {
    if (!healed_) {
      strike(fault);
      strike_later(fault);
    }
  });
}

void World::strike(Fault fault) {
  switch (fault) {
    case Fault::reset:
    case Fault::half_open:
    case Fault::deaf:
      return strike_network(fault);
    case Fault::kill:
    case Fault::power_cut:
    case Fault::pause:
    case Fault::stop:
      return strike_process(fault);
    case Fault::slow_disk:
    case Fault::full_disk:
    case Fault::broken_disk:
    case Fault::bad_record:
      return strike_disk(fault);
    default:
      return;  // The rest has no moment of its own.
  }
}

void World::strike_network(Fault fault) {
  Dice& dice = fault_dice_[static_cast<std::size_t>(fault)];
  Person& person = *people_[dice.below(people_.size())];
  note({names(Faults(1u << static_cast<unsigned>(fault))), " strikes ", person.name()});
  if (fault == Fault::reset) {
    person.break_connection();
  } else if (fault == Fault::half_open) {
    person.half_open();
  } else {
    person.make_deaf();
  }
}

void World::strike_process(Fault fault) {
  Dice& dice = fault_dice_[static_cast<std::size_t>(fault)];
  if (process_ == nullptr) {
    return;
  }
  note({names(Faults(1u << static_cast<unsigned>(fault))), " strikes the server"});
  if (fault == Fault::pause) {
    process_->pause(dice.between(50 * ms, 5 * second));
  } else if (fault == Fault::stop) {
    process_->stop([this, process = std::weak_ptr(process_)] {
      if (process_ != nullptr && process_ == process.lock()) {
        end_process(true);
      }
    });
  } else {
    end_process(fault == Fault::kill);
  }
}

void World::end_process(bool clients_are_told) {
  const auto ended = std::exchange(process_, nullptr);
  ended->crash(clients_are_told);
  scheduler_.after(dice_.long_tailed(10 * ms, 3 * second), dice_, [this] { start_process(); });
}

void World::start_process() {
  if (process_ == nullptr) {
    note({"the server starts"});
    disk_.reopen();
    process_ = std::make_shared<Process>(*this, ++processes_);
  }
}

void World::strike_disk(Fault fault) {
  Dice& dice = fault_dice_[static_cast<std::size_t>(fault)];
  note({names(Faults(1u << static_cast<unsigned>(fault))), " strikes the disk"});
  if (fault == Fault::broken_disk) {
    disk_.break_next();
    // Somebody restarts the server some time later.
    return scheduler_.after(dice.between(100 * ms, 3 * second), dice, [this] {
      if (disk_.broken() && process_ != nullptr) {
        end_process(true);
      }
    });
  }
  const auto set = [this, fault, doc = docs_[dice.below(docs_.size())]](bool on) {
    if (fault == Fault::slow_disk) {
      disk_.set_slow(on);
    } else if (fault == Fault::full_disk) {
      disk_.set_full(on);
    } else {
      disk_.set_bad(on ? std::optional(doc) : std::nullopt);
    }
  };
  set(true);
  scheduler_.after(dice.between(20 * ms, 3 * second), dice, [set] { set(false); });
}

void World::heal() {
  note({"no more faults"});
  healed_ = true;
  const bool restart = disk_.broken() || faults_.on(Fault::little_memory);
  // What must be there at once for everybody to catch up may exceed memory and outboxes this small.
  const server::Limits usual;
  limits_.documents_bytes_max = usual.documents_bytes_max;
  limits_.outbox_bytes_max = usual.outbox_bytes_max;
  limits_.outbox_frames_max = usual.outbox_frames_max;
  disk_.heal();
  if (restart && process_ != nullptr) {
    end_process(true);
  }
  if (prober_ != nullptr) {
    prober_->stop();
  }
  for (const auto& person : people_) {
    person->heal();
    person->settle_down();
  }
  for (const auto& watcher : watchers_) {
    watcher->settle_down();
  }
}

}  // namespace segue::sim
