#include "server/worker.h"

#include <chrono>
#include <functional>
#include <utility>
#include <variant>

#include <boost/asio/post.hpp>

#include "ot/assert.h"
#include "server/gather.h"
#include "server/log.h"
#include "server/op_trace.h"

namespace segue::server {

namespace asio = boost::asio;

namespace {
constexpr std::size_t looked_at_per_request = 8;  // documents, for some to let go
constexpr std::size_t writes_at_once = 64;
constexpr std::chrono::milliseconds load_retry_interval{50};
}  // namespace

// Carries the commit thread's news to the actor's worker.
class Worker::Observer : public oplog::CommitObserver {
 public:
  Observer(const std::shared_ptr<DocumentActor>& actor, Worker& worker)
      : actor_(actor), doc_(actor->id()), worker_(worker) {}

  void on_committed(ot::Version head) override {
    asio::post(worker_.io_, [actor = actor_, head] {
      if (const auto live = actor.lock()) {
        live->on_durable(head);
      }
    });
    worker_.announce_everywhere(doc_);
  }
  void on_failed(const ot::Error& error) override {
    asio::post(worker_.io_, [actor = actor_, error] {
      if (const auto live = actor.lock()) {
        live->on_failed(error);
      }
    });
  }

 private:
  std::weak_ptr<DocumentActor> actor_;
  ot::DocId doc_;
  Worker& worker_;
};

Worker::Worker(std::size_t index, Shared& shared)
    : index_(index),
      shared_(shared),
      documents_(shared.limits.documents_bytes_max / shared.worker_count),
      loads_(shared.limits.loads_waiting_max) {}

std::int64_t Worker::now_ms() const {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

std::int64_t Worker::clock_us() const {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
}

void Worker::on_committed(const OpTrace& op) {
  metrics_.ops.add();
  metrics_.late_ops.add(op.late_by > 0 ? 1 : 0);
  metrics_.overwrites.add(op.overwrote ? 1 : 0);
  metrics_.late_by.observe(op.late_by);
  metrics_.apply.observe(op.applied_us - op.received_us);
  metrics_.durable.observe(op.durable_us - op.applied_us);
  const std::chrono::microseconds took(op.durable_us - op.received_us);
  if (shared_.slow_op.count() > 0 && took >= shared_.slow_op) {
    log_warning({.connection = op.src,
                 .author = op.author,
                 .collection = op.doc.collection,
                 .id = op.doc.id,
                 .numbers = {{"version", static_cast<std::int64_t>(op.committed.value)},
                             {"late_by", static_cast<std::int64_t>(op.late_by)},
                             {"apply_us", op.applied_us - op.received_us},
                             {"durable_us", op.durable_us - op.applied_us}}},
                "slow op");
  }
}

std::string_view Worker::not_ready() const {
  if (shared_.draining) {
    return "the server is shutting down";
  }
  switch (log_state()) {
    case oplog::LogState::full:
      return "the log is full: edits wait";
    case oplog::LogState::failed:
      return "writing the log failed: edits are refused";
    case oplog::LogState::ready:
    case oplog::LogState::trying:
      return "";
  }
  return "";
}

std::unique_ptr<WorkerMetrics> Worker::metrics_of_all() const {
  auto sum = std::make_unique<WorkerMetrics>();
  for (const auto& worker : shared_.workers) {
    *sum += worker->metrics_;
  }
  return sum;
}

DocumentHost::Alarm Worker::call_at(std::int64_t steady_ms, std::function<void()> task) {
  const std::chrono::steady_clock::time_point when{std::chrono::milliseconds(steady_ms)};
  auto timer = std::make_shared<asio::steady_timer>(io_, when);
  timer->async_wait([task = std::move(task)](boost::system::error_code cancelled) {
    if (!cancelled) {
      task();
    }
  });
  return timer;
}

void Worker::abandon() {
  io_.abandon();
  documents_.clear();
  presence_.clear();
  queries_.clear();
  outgoing_.clear();
  writers_.clear();
}

void Worker::route(ot::DocId doc, DocRequest request) {
  const std::size_t home = std::hash<ot::DocId>()(doc) % shared_.workers.size();
  if (home == index_) {
    return handle(doc, std::move(request));
  }
  post(home, [&worker = *shared_.workers[home], doc = std::move(doc),
              request = std::move(request)]() mutable { worker.handle(doc, std::move(request)); });
}

void Worker::route(ChannelRequest request) {
  const std::size_t home = home_of(request.channel);
  if (home == index_) {
    return presence_.handle(request);
  }
  post(home, [&worker = *shared_.workers[home], request = std::move(request)] {
    worker.presence_.handle(request);
  });
}

void Worker::route(QueryRequest request) {
  const std::size_t home = home_of(request.collection);
  if (home == index_) {
    return queries_.handle(std::move(request));
  }
  post(home, [&worker = *shared_.workers[home], request = std::move(request)]() mutable {
    worker.queries_.handle(std::move(request));
  });
}

// By way of this worker's own tasks, which run when all others of the turn have been handed over.
void Worker::post_last(std::size_t worker, std::function<void()> task) {
  post(index_, [this, worker, task = std::move(task)] { post(worker, task); });
}

void Worker::publish(ChannelRequest request) {
  const std::size_t home = home_of(request.channel);
  post_last(home, [&worker = *shared_.workers[home], request = std::move(request)] {
    worker.presence_.handle(request);
  });
}

// ---- queries

void Worker::watch(const std::string& collection, std::function<void()> done) {
  auto left = std::make_shared<std::size_t>(shared_.workers.size());
  const auto count_down = [left, done = std::move(done)] {
    if (--*left == 0) {
      done();
    }
  };
  for (const auto& worker : shared_.workers) {
    post(worker->index_, [&worker = *worker, collection, home = index_, count_down] {
      worker.start_telling(collection);
      worker.post(home, count_down);
    });
  }
}

void Worker::start_telling(const std::string& collection) {
  watched_.insert(collection);
  documents_.for_each([&](DocumentActor& actor) {
    if (actor.id().collection == collection) {
      actor.tell_queries();
    }
  });
}

void Worker::unwatch(const std::string& collection) {
  for (const auto& worker : shared_.workers) {
    post(worker->index_, [&worker = *worker, collection] { worker.watched_.erase(collection); });
  }
}

void Worker::tell_queries(DocumentNews news) {
  const std::size_t home = home_of(news.doc.collection);
  if (home == index_) {
    return queries_.on_news(news);
  }
  post(home, [&worker = *shared_.workers[home], news = std::move(news)] {
    worker.queries_.on_news(news);
  });
}

void Worker::handle(ot::DocId doc, DocRequest request) {
  if (documents_.find(doc) != nullptr) {
    metrics_.hits.add();
    return pass_on(doc, std::move(request));
  }
  if (!loads_.empty() || !make_room(documents_.size())) {
    return wait_for_memory(std::move(doc), std::move(request));
  }
  pass_on(doc, std::move(request));
}

void Worker::pass_on(const ot::DocId& doc, DocRequest request) {
  DocumentTable::Document* document = documents_.find(doc);
  if (document == nullptr) {
    if (std::holds_alternative<Leave>(request.what)) {
      return;
    }
    auto created = std::make_shared<DocumentActor>(doc, *this);
    auto observer = std::make_shared<Observer>(created, *this);
    document = &documents_.add(std::move(created), std::move(observer));
    metrics_.misses.add();
  }
  const auto actor = document->actor;  // It may retire while it handles this.
  actor->handle(std::move(request));
  resized(*actor);
}

void Worker::resized(DocumentActor& actor) {
  documents_.measure(actor);
  make_room(looked_at_per_request);
}

bool Worker::make_room(std::size_t documents_max) {
  const std::size_t before = documents_.size();
  const bool fits = documents_.make_room(documents_max);
  metrics_.evictions.add(before - documents_.size());
  return fits;
}

// ---- where memory is short

void Worker::wait_for_memory(ot::DocId doc, DocRequest request) {
  if (std::holds_alternative<Leave>(request.what)) {
    return;  // It is in no document that is not in memory.
  }
  if (loads_.full()) {
    loads_.forget(doc, request.client.get());  // A subscription, perhaps, that this was to end.
    return send_away(request);
  }
  const bool first = loads_.empty();
  loads_.push(std::move(doc), std::move(request), std::chrono::steady_clock::now());
  if (first) {
    load_waiting();
  }
}

void Worker::load_waiting() {
  while (!loads_.empty() && make_room(documents_.size())) {
    const ot::DocId doc = loads_.front();
    for (DocRequest& request : loads_.take(doc)) {
      pass_on(doc, std::move(request));
    }
  }
  const auto too_old = std::chrono::steady_clock::now() - limits().load_wait_max;
  while (const auto late = loads_.take_older(too_old)) {
    send_away(*late);
  }
  if (loads_.empty()) {
    return;
  }
  load_timer_.expires_after(load_retry_interval);
  load_timer_.async_wait([this](boost::system::error_code cancelled) {
    if (!cancelled) {
      load_waiting();
    }
  });
}

void Worker::send_away(const DocRequest& request) {
  post(request.client->worker(), [client = request.client] { client->close(try_again_later); });
}

// ----

void Worker::on_room() {
  documents_.for_each([](DocumentActor& actor) { actor.on_room(); });
}

void Worker::count_live(std::function<void(const Live&)> then) {
  server::count_live(shared_, io_.get_executor(), std::move(then));
}

void Worker::look_over(std::function<void(const Overview&)> then) {
  Overview start;
  start.live = pending(shared_);
  gather(
      shared_, io_.get_executor(), std::move(start),
      [](Worker& worker) { return worker.overview(); }, std::move(then));
}

// On the commit thread.
void Worker::announce_everywhere(const ot::DocId& doc) {
  for (const auto& worker : shared_.workers) {
    if (worker->news_.has_readers()) {
      asio::post(worker->io_, [&news = worker->news_, doc] { news.announce(doc); });
    }
  }
}

bool Worker::commit(oplog::Entry entry, DocumentActor& actor) {
  auto observer = documents_.observer_of(actor);
  OT_ASSERT(observer != nullptr);
  return shared_.commits.enqueue(std::move(entry), std::move(observer));
}

void Worker::read(std::function<void(const oplog::OpLog&)> job, std::function<void()> done) {
  ++shared_.reads_open;
  asio::post(shared_.readers, [this, job = std::move(job), done = std::move(done)]() mutable {
    job(shared_.log);
    asio::post(io_, [this, done = std::move(done)] {
      done();
      --shared_.reads_open;
    });
  });
}

void Worker::save(std::function<void(oplog::OpLog&)> job, std::function<void()> done) {
  asio::post(shared_.checkpointer, [this, job = std::move(job), done = std::move(done)]() mutable {
    job(shared_.log);
    asio::post(io_, std::move(done));
  });
}

void Worker::post(std::size_t worker, std::function<void()> task) {
  outgoing_.resize(shared_.workers.size());
  outgoing_[worker].push_back(std::move(task));
  if (!flush_posted_) {
    flush_posted_ = true;
    asio::post(io_, [this] { flush(); });
  }
}

// A turn of the loop is over: its tasks go to their workers. Our own come last: what they bring
// about elsewhere finds there what this turn has sent.
void Worker::flush() {
  flush_posted_ = false;
  const auto own = index_ < outgoing_.size() ? std::exchange(outgoing_[index_], {}) : Tasks();
  for (std::size_t worker = 0; worker < outgoing_.size(); ++worker) {
    if (!outgoing_[worker].empty()) {
      asio::post(shared_.workers[worker]->io(),
                 [tasks = std::exchange(outgoing_[worker], {})] { run(tasks); });
    }
  }
  run(own);
}

void Worker::run(const Tasks& tasks) {
  for (const auto& task : tasks) {
    task();
  }
}

void Worker::write_later(std::shared_ptr<Writer> writer) {
  if (writers_.empty()) {
    writes_since_us_ = clock_us();
  }
  writers_.push_back(std::move(writer));
  if (!std::exchange(writes_posted_, true)) {
    asio::post(io_, [this] { write_some(); });
  }
}

// A few at a time, so that a large audience holds up nothing else, and who is written to late gets
// what came meanwhile in the same call.
void Worker::write_some() {
  for (std::size_t done = 0; done < writes_at_once && !writers_.empty(); ++done) {
    const auto writer = std::move(writers_.front());
    writers_.pop_front();
    writer->write();
  }
  metrics_.send.observe(clock_us() - writes_since_us_);
  writes_posted_ = !writers_.empty();
  if (writes_posted_) {
    asio::post(io_, [this] { write_some(); });
  }
}

void Worker::begin_catch_up(std::shared_ptr<Client> client, std::function<void()> begun) {
  const std::size_t home = client->worker();
  post(home, [this, client = std::move(client), begun = std::move(begun)] {
    client->begin_catch_up([this, begun] { asio::post(io_, begun); });
  });
}

void Worker::deliver_piece(std::shared_ptr<Client> client, Frame piece,
                           std::function<void()> drained) {
  const std::size_t home = client->worker();
  post(home,
       [this, client = std::move(client), piece = std::move(piece), drained = std::move(drained)] {
         client->deliver_piece(piece);
         client->when_drained([this, drained] { asio::post(io_, drained); });
       });
}

void Worker::retire(DocumentActor& actor) { documents_.drop(actor); }

}  // namespace segue::server
