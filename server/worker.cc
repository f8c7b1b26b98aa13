#include "server/worker.h"

#include <chrono>
#include <functional>
#include <utility>
#include <variant>

#include <boost/asio/post.hpp>

#include "ot/assert.h"

namespace segue::server {

namespace asio = boost::asio;

// Carries the commit thread's news to the actor's worker.
class Worker::Observer : public oplog::CommitObserver {
 public:
  Observer(std::weak_ptr<DocumentActor> actor, asio::io_context& io)
      : actor_(std::move(actor)), io_(io) {}

  void on_committed(ot::Version head) override {
    asio::post(io_, [actor = actor_, head] {
      if (const auto live = actor.lock()) {
        live->on_durable(head);
      }
    });
  }
  void on_failed(const ot::Error& error) override {
    asio::post(io_, [actor = actor_, error] {
      if (const auto live = actor.lock()) {
        live->on_failed(error);
      }
    });
  }

 private:
  std::weak_ptr<DocumentActor> actor_;
  asio::io_context& io_;
};

std::int64_t Worker::now_ms() const {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

void Worker::abandon() {
  io_.abandon();
  documents_.clear();
  outgoing_.clear();
}

void Worker::route(ot::DocId doc, DocRequest request) {
  const std::size_t home = std::hash<ot::DocId>()(doc) % shared_.workers.size();
  if (home == index_) {
    return handle(doc, std::move(request));
  }
  post(home, [&worker = *shared_.workers[home], doc = std::move(doc),
              request = std::move(request)]() mutable { worker.handle(doc, std::move(request)); });
}

void Worker::handle(const ot::DocId& doc, DocRequest request) {
  if (std::holds_alternative<Leave>(request.what) && documents_.count(doc) == 0) {
    return;
  }
  Document& document = documents_[doc];
  if (document.actor == nullptr) {
    document.actor = std::make_shared<DocumentActor>(doc, *this);
    document.observer = std::make_shared<Observer>(document.actor, io_);
  }
  const auto actor = document.actor;  // It may retire while it handles this.
  actor->handle(std::move(request));
}

bool Worker::commit(oplog::Entry entry, DocumentActor& actor) {
  const auto document = documents_.find(actor.id());
  OT_ASSERT(document != documents_.end());
  OT_ASSERT(document->second.actor.get() == &actor);
  return shared_.commits.enqueue(std::move(entry), document->second.observer);
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

void Worker::post(std::size_t worker, std::function<void()> task) {
  outgoing_.resize(shared_.workers.size());
  outgoing_[worker].push_back(std::move(task));
  if (!flush_posted_) {
    flush_posted_ = true;
    asio::post(io_, [this] { flush(); });
  }
}

// A turn of the loop is over: its tasks go to their workers.
void Worker::flush() {
  flush_posted_ = false;
  for (std::size_t worker = 0; worker < outgoing_.size(); ++worker) {
    if (outgoing_[worker].empty()) {
      continue;
    }
    auto run = [tasks = std::exchange(outgoing_[worker], {})] {
      for (const auto& task : tasks) {
        task();
      }
    };
    if (worker == index_) {
      run();
    } else {
      asio::post(shared_.workers[worker]->io(), std::move(run));
    }
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

void Worker::retire(DocumentActor& actor) {
  const auto document = documents_.find(actor.id());
  if (document != documents_.end() && document->second.actor.get() == &actor) {
    documents_.erase(document);
  }
}

}  // namespace segue::server
