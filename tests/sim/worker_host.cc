#include "tests/sim/worker_host.h"

#include <utility>
#include <variant>

#include "ot/assert.h"
#include "ot/builtin_types.h"
#include "tests/sim/world.h"

namespace segue::sim {

namespace {

constexpr std::size_t looked_at_per_request = 8;
constexpr Time load_retry_interval = 50 * ms;

// Carries the news of the commit to the actor's worker.
class Observer final : public oplog::CommitObserver {
 public:
  Observer(Process& process, std::size_t worker, std::weak_ptr<server::DocumentActor> actor)
      : process_(process), worker_(worker), actor_(std::move(actor)) {}

  void on_committed(ot::Version head) override {
    tell([actor = actor_, head] {
      if (const auto live = actor.lock()) {
        live->on_durable(head);
      }
    });
  }
  void on_failed(const ot::Error& error) override {
    tell([actor = actor_, error] {
      if (const auto live = actor.lock()) {
        live->on_failed(error);
      }
    });
  }

 private:
  void tell(Process::Task task) {
    process_.in_order(process_.notices(worker_), process_.dice().between(0, 300), std::move(task));
  }

  Process& process_;
  std::size_t worker_;
  std::weak_ptr<server::DocumentActor> actor_;
};

}  // namespace

WorkerHost::WorkerHost(Process& process, std::size_t index, std::size_t documents_bytes_max)
    : process_(process),
      index_(index),
      documents_(documents_bytes_max),
      loads_(process.world().limits().loads_waiting_max) {}

const server::Limits& WorkerHost::limits() const { return process_.world().limits(); }

ot::TypeLookup WorkerHost::types() const { return &ot::find_type; }

void WorkerHost::handle(const ot::DocId& doc, server::DocRequest request) {
  if (documents_.find(doc) != nullptr) {
    return pass_on(doc, std::move(request));
  }
  if (!loads_.empty() || !documents_.make_room(documents_.size())) {
    return wait_for_memory(doc, std::move(request));
  }
  pass_on(doc, std::move(request));
}

void WorkerHost::pass_on(const ot::DocId& doc, server::DocRequest request) {
  server::DocumentTable::Document* document = documents_.find(doc);
  if (document == nullptr) {
    if (std::holds_alternative<server::Leave>(request.what)) {
      return;
    }
    auto created = std::make_shared<server::DocumentActor>(doc, *this);
    auto observer = std::make_shared<Observer>(process_, index_, created);
    document = &documents_.add(std::move(created), std::move(observer));
  }
  const auto actor = document->actor;
  actor->handle(std::move(request));
  resized(*actor);
}

void WorkerHost::resized(server::DocumentActor& actor) {
  documents_.measure(actor);
  documents_.make_room(looked_at_per_request);
}

void WorkerHost::wait_for_memory(const ot::DocId& doc, server::DocRequest request) {
  if (std::holds_alternative<server::Leave>(request.what)) {
    return;
  }
  if (loads_.full()) {
    loads_.forget(doc, request.client.get());
    return send_away(request);
  }
  const bool first = loads_.empty();
  loads_.push(doc, std::move(request), process_.steady_now());
  if (first) {
    load_waiting();
  }
}

void WorkerHost::load_waiting() {
  while (!loads_.empty() && documents_.make_room(documents_.size())) {
    const ot::DocId doc = loads_.front();
    for (server::DocRequest& request : loads_.take(doc)) {
      pass_on(doc, std::move(request));
    }
  }
  while (const auto late = loads_.take_older(process_.steady_now() - limits().load_wait_max)) {
    send_away(*late);
  }
  if (!loads_.empty()) {
    process_.later(load_retry_interval, [this] { load_waiting(); });
  }
}

void WorkerHost::send_away(const server::DocRequest& request) {
  post(request.client->worker(),
       [client = request.client] { client->close(server::try_again_later); });
}

void WorkerHost::on_room() {
  documents_.for_each([](server::DocumentActor& actor) { actor.on_room(); });
}

void WorkerHost::abandon() {
  outgoing_.clear();
  loads_ = server::LoadQueue(0);
  documents_.for_each([](server::DocumentActor& actor) {
    actor.on_failed({ot::Errc::log_io, "the process has ended"});
  });
  documents_.clear();
  presence_.clear();
  queries_.clear();
  outgoing_.clear();
}

bool WorkerHost::commit(oplog::Entry entry, server::DocumentActor& actor) {
  auto observer = documents_.observer_of(actor);
  OT_ASSERT(observer != nullptr);
  return process_.commit(std::move(entry), std::move(observer));
}

void WorkerHost::post(std::size_t worker, std::function<void()> task) {
  outgoing_.resize(workers());
  outgoing_[worker].push_back(std::move(task));
  if (!std::exchange(flush_posted_, true)) {
    process_.later(process_.dice().between(0, 60), [this] { flush(); });
  }
}

// This worker's own come last, as in the product.
void WorkerHost::flush() {
  flush_posted_ = false;
  const auto own = index_ < outgoing_.size() ? std::exchange(outgoing_[index_], {})
                                             : std::vector<std::function<void()>>();
  for (std::size_t worker = 0; worker < outgoing_.size(); ++worker) {
    if (outgoing_[worker].empty()) {
      continue;
    }
    process_.in_order(process_.lane(index_, worker), process_.dice().between(0, 200),
                      [tasks = std::exchange(outgoing_[worker], {})] {
                        for (const auto& task : tasks) {
                          task();
                        }
                      });
  }
  for (const auto& task : own) {
    task();
  }
}

// ---- presence and queries

void WorkerHost::post_last(std::size_t worker, std::function<void()> task) {
  post(index_, [this, worker, task = std::move(task)] { post(worker, task); });
}

void WorkerHost::publish(server::ChannelRequest request) {
  const std::size_t home = process_.home_of(request.channel);
  post_last(home, [this, home, request = std::move(request)] {
    process_.worker(home).presence_.handle(request);
  });
}

void WorkerHost::watch(const std::string& collection, std::function<void()> done) {
  auto left = std::make_shared<std::size_t>(workers());
  const auto count_down = [left, done = std::move(done)] {
    if (--*left == 0) {
      done();
    }
  };
  for (std::size_t worker = 0; worker < workers(); ++worker) {
    post(worker, [this, worker, collection, count_down] {
      process_.worker(worker).start_telling(collection);
      process_.worker(worker).post(index_, count_down);
    });
  }
}

void WorkerHost::start_telling(const std::string& collection) {
  watched_.insert(collection);
  documents_.for_each([&](server::DocumentActor& actor) {
    if (actor.id().collection == collection) {
      actor.tell_queries();
    }
  });
}

void WorkerHost::unwatch(const std::string& collection) {
  for (std::size_t worker = 0; worker < workers(); ++worker) {
    post(worker,
         [this, worker, collection] { process_.worker(worker).watched_.erase(collection); });
  }
}

void WorkerHost::tell_queries(server::DocumentNews news) {
  const std::size_t home = process_.home_of(news.doc.collection);
  if (home == index_) {
    return queries_.on_news(news);
  }
  post(home,
       [this, home, news = std::move(news)] { process_.worker(home).queries_.on_news(news); });
}

void WorkerHost::begin_catch_up(std::shared_ptr<server::Client> client,
                                std::function<void()> begun) {
  const std::size_t home = client->worker();
  post(home, [this, client = std::move(client), begun = std::move(begun)] {
    client->begin_catch_up(
        [this, begun] { process_.later(process_.dice().between(0, 200), begun); });
  });
}

void WorkerHost::deliver_piece(std::shared_ptr<server::Client> client, server::Frame piece,
                               std::function<void()> drained) {
  const std::size_t home = client->worker();
  post(home,
       [this, client = std::move(client), piece = std::move(piece), drained = std::move(drained)] {
         client->deliver_piece(piece);
         client->when_drained(
             [this, drained] { process_.later(process_.dice().between(0, 200), drained); });
       });
}

void WorkerHost::route(ot::DocId doc, server::DocRequest request) {
  process_.route(index_, doc, std::move(request));
}

void WorkerHost::retire(server::DocumentActor& actor) { documents_.drop(actor); }

}  // namespace segue::sim
