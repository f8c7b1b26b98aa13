#include "tests/sim/process.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "tests/sim/worker_host.h"
#include "tests/sim/world.h"

namespace segue::sim {

namespace {
constexpr Time shutdown_grace = 4 * second;  // for each of its two halves
constexpr Time shutdown_look = 5 * ms;
constexpr std::int64_t epoch_ms = 1'700'000'000'000;
}  // namespace

Process::Process(World& world, std::uint64_t number)
    : world_(world),
      number_(number),
      dice_(world.seed(), 1'000 + number),
      clock_skew_ms_(dice_.between(-5'000, 5'000)),
      queue_(world.commit_options()),
      saves_(world.scheduler(), dice_) {
  const std::size_t workers = 1 + dice_.below(3);
  for (std::size_t index = 0; index < workers; ++index) {
    workers_.push_back(
        std::make_unique<WorkerHost>(*this, index, world.limits().documents_bytes_max / workers));
  }
  for (std::size_t pair = 0; pair < workers * workers; ++pair) {
    lanes_.emplace_back(world.scheduler(), dice_);
  }
}

Process::~Process() = default;

std::int64_t Process::now_ms() const {
  return epoch_ms + world_.scheduler().now() / ms + clock_skew_ms_;
}

oplog::CommitQueue::Time Process::steady_now() const {
  return oplog::CommitQueue::Time(std::chrono::microseconds(world_.scheduler().now()));
}

// ---- tasks

void Process::run(Task task) {
  if (!alive_) {
    return;
  }
  if (world_.scheduler().now() < paused_until_ || !paused_.empty()) {
    return paused_.push_back(std::move(task));
  }
  task();
}

void Process::later(Time delay, Task task) {
  world_.scheduler().after(delay, dice_, [weak = weak_from_this(), task = std::move(task)] {
    if (const auto process = weak.lock()) {
      process->run(task);
    }
  });
}

void Process::in_order(Lane& lane, Time delay, Task task) {
  lane.push(delay, [weak = weak_from_this(), task = std::move(task)] {
    if (const auto process = weak.lock()) {
      process->run(task);
    }
  });
}

void Process::pause(Time time) {
  if (world_.scheduler().now() < paused_until_) {
    return;
  }
  paused_until_ = world_.scheduler().now() + time;
  world_.scheduler().after(time, dice_, [weak = weak_from_this()] {
    const auto process = weak.lock();
    while (process != nullptr && process->alive_ && !process->paused_.empty()) {
      const auto task = std::move(process->paused_.front());
      process->paused_.pop_front();
      task();
    }
  });
}

// ---- connections and documents

void Process::on_connect(const std::shared_ptr<Link>& link) {
  connecting_.emplace(link->number(), link);
  run([this, link] { accept(link); });
}

void Process::accept(const std::shared_ptr<Link>& link) {
  connecting_.erase(link->number());
  auto end = std::make_shared<ServerEnd>(*this, link, link->number() % workers());
  ends_.emplace(link->number(), end);
  link->accepted_by(end);
  end->start();
}

void Process::forget(const ServerEnd& end) { ends_.erase(end.number()); }

std::size_t Process::home_of(const std::string& name) const {
  return std::accumulate(name.begin(), name.end(), std::size_t{0},
                         [](std::size_t sum, char letter) {
                           return sum + static_cast<unsigned char>(letter);
                         }) %
         workers();
}

void Process::route(std::size_t from, server::ChannelRequest request) {
  const std::size_t home = home_of(request.channel);
  if (home == from) {
    return workers_[home]->handle(request);
  }
  workers_[from]->post(
      home, [this, home, request = std::move(request)] { workers_[home]->handle(request); });
}

void Process::route(std::size_t from, server::QueryRequest request) {
  const std::size_t home = home_of(request.collection);
  if (home == from) {
    return workers_[home]->handle(std::move(request));
  }
  workers_[from]->post(home, [this, home, request = std::move(request)]() mutable {
    workers_[home]->handle(std::move(request));
  });
}

void Process::route(std::size_t from, const ot::DocId& doc, server::DocRequest request) {
  const std::size_t home = home_of(doc.str());
  if (home == from) {
    return workers_[home]->handle(doc, std::move(request));
  }
  workers_[from]->post(home, [this, home, doc, request = std::move(request)]() mutable {
    workers_[home]->handle(doc, std::move(request));
  });
}

// ---- the log

bool Process::commit(oplog::Entry entry, std::shared_ptr<oplog::CommitObserver> observer) {
  const bool shown = queue_.enqueue(std::move(entry), std::move(observer), steady_now());
  start_commit();
  return shown;
}

void Process::start_commit() {
  if (committing_ || queue_.empty()) {
    return;
  }
  committing_ = true;
  later(dice_.between(5, 300), [this] {
    if (queue_.empty()) {
      committing_ = false;
      return;
    }
    under_way_ = queue_.next();
    later(world_.disk().sync_time(), [this] { finish_commit(); });
  });
}

void Process::finish_commit() {
  oplog::CommitQueue::Batch batch = std::move(*under_way_);
  under_way_.reset();
  const auto outcome = world_.disk().append(batch.entries);
  world_.note({"append of ", std::to_string(batch.entries.size()), ": ",
               outcome ? "done" : outcome.error().detail});
  for (const auto& notification : queue_.finish(std::move(batch), outcome)) {
    notification.deliver();
  }
  committing_ = false;
  tell_state();
  start_commit();
}

// As oplog/group_commit.cc: while the log is full it is asked now and then whether that is over.
void Process::probe_later() {
  if (std::exchange(probe_due_, true)) {
    return;
  }
  later(queue_.probe_delay() / std::chrono::microseconds(1), [this] {
    probe_due_ = false;
    if (queue_.state() != oplog::LogState::full) {
      return;
    }
    if (committing_ || !queue_.empty()) {
      return probe_later();
    }
    queue_.probed(world_.disk().append({}));
    tell_state();
  });
}

void Process::tell_state() {
  const oplog::LogState now = queue_.state();
  const oplog::LogState before = std::exchange(log_state_, now);
  if (now == oplog::LogState::full) {
    probe_later();
  } else if (oplog::takes_ops(now) && before != now) {
    for (std::size_t worker = 0; worker < workers(); ++worker) {
      in_order(notices(worker), dice_.between(0, 300),
               [this, worker] { workers_[worker]->on_room(); });
    }
  }
}

void Process::read(std::function<void(const oplog::OpLog&)> job, Task done) {
  ++reads_open_;
  later(dice_.long_tailed(50, 20 * ms),
        [this, job = std::move(job), done = std::move(done)]() mutable {
          job(world_.disk());
          later(dice_.between(0, 500), [this, done = std::move(done)] {
            done();
            --reads_open_;
          });
        });
}

void Process::save(std::function<void(oplog::OpLog&)> job, Task done) {
  in_order(saves_, world_.disk().sync_time(),
           [this, job = std::move(job), done = std::move(done)]() mutable {
             job(world_.disk());
             later(dice_.between(0, 500), std::move(done));
           });
}

// ---- the end

void Process::crash(bool clients_are_told) {
  if (!alive_) {
    return;
  }
  for (const auto& [number, link] : connecting_) {
    link->server_gone(clients_are_told);
  }
  for (const auto& [number, end] : ends_) {
    end->link().server_gone(clients_are_told);
  }
  const auto under_way = std::exchange(under_way_, std::nullopt);
  vanish();
  if (under_way) {
    world_.disk().crash_during(under_way->entries);
  }
}

void Process::vanish() {
  alive_ = false;
  paused_.clear();
  for (const auto& worker : workers_) {
    worker->abandon();
  }
  connecting_.clear();
  ends_.clear();
}

void Process::stop(Task stopped) {
  if (stopping_) {
    return;
  }
  stopping_ = true;
  run([this, stopped = std::move(stopped)] {
    for (const auto& [number, end] : ends_) {
      end->ignore_input();
    }
    settle(world_.scheduler().now() + shutdown_grace, stopped);
  });
}

void Process::settle(Time deadline, const Task& stopped) {
  later(shutdown_look, [this, deadline, stopped] {
    const bool busy = !queue_.empty() || committing_ || reads_open_ > 0;
    if (busy && world_.scheduler().now() < deadline) {
      return settle(deadline, stopped);
    }
    const auto ends = ends_;
    for (const auto& [number, end] : ends) {
      end->close(server::going_away);
    }
    say_goodbye(world_.scheduler().now() + shutdown_grace, stopped);
  });
}

void Process::say_goodbye(Time deadline, const Task& stopped) {
  later(shutdown_look, [this, deadline, stopped] {
    if (!ends_.empty() && world_.scheduler().now() < deadline) {
      return say_goodbye(deadline, stopped);
    }
    crash(true);
    stopped();
  });
}

}  // namespace segue::sim
