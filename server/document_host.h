// DocumentHost: what a document's actor asks of its surroundings. The server's is Worker; the
// simulator has its own.
//
// Strand: all calls come from the actor's strand, and all callbacks return to it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "oplog/commit_queue.h"
#include "oplog/op_log.h"
#include "ot/document.h"
#include "server/client.h"
#include "server/frame.h"
#include "server/limits.h"

namespace segue::server {

class DocumentActor;
struct OpTrace;
struct ChannelRequest;
struct DocRequest;
struct DocumentNews;

class DocumentHost {
 public:
  DocumentHost() = default;
  DocumentHost(const DocumentHost&) = delete;
  DocumentHost& operator=(const DocumentHost&) = delete;
  virtual ~DocumentHost() = default;

  virtual const Limits& limits() const = 0;
  virtual ot::TypeLookup types() const = 0;
  virtual std::int64_t now_ms() const = 0;     // since the epoch; may step back
  virtual std::int64_t steady_ms() const = 0;  // since some moment; never steps
  // Runs `task` once steady_ms() is that far, unless the alarm was dropped before; one that is due
  // may still ring.
  using Alarm = std::shared_ptr<void>;
  virtual Alarm call_at(std::int64_t steady_ms, std::function<void()> task) = 0;
  virtual std::size_t workers() const = 0;
  virtual std::size_t worker() const = 0;  // this one
  // Microseconds of a clock that never steps; for metrics alone, and 0 where there are none.
  virtual std::int64_t clock_us() const { return 0; }
  // For metrics: an op was shown to be durable, was acknowledged once more, was refused.
  virtual void on_committed(const OpTrace&) {}
  virtual void on_duplicate() {}
  virtual void on_refused(ot::Errc) {}
  // For tests of clients: ops are committed, and subscribers are not told.
  virtual bool publish_suppressed() const { return false; }

  // Whether all leases in a collection are exclusive, whatever the documents' types say.
  virtual bool leases_exclusively(const std::string& /*collection*/) const { return false; }

  // Queues an entry for the next group commit. The actor's on_durable() or on_failed() follows.
  // True: it may be shown at once, since durability is asynchronous.
  virtual bool commit(oplog::Entry entry, DocumentActor& actor) = 0;
  // Unless it takes_ops(), what is committed fails: new ops had better wait. When that is over the
  // actor's on_room() follows.
  virtual oplog::LogState log_state() const = 0;
  // Runs `job` where it may block, then `done` on this strand.
  virtual void read(std::function<void(const oplog::OpLog&)> job, std::function<void()> done) = 0;
  // As read(), for a job that stores a checkpoint. Such jobs run one at a time.
  virtual void save(std::function<void(oplog::OpLog&)> job, std::function<void()> done) = 0;
  // Runs `task` on a worker. Tasks from one strand to one worker keep their order.
  virtual void post(std::size_t worker, std::function<void()> task) = 0;
  // Client::begin_catch_up(), and deliver_piece() with when_drained(), calling back on this strand.
  virtual void begin_catch_up(std::shared_ptr<Client> client, std::function<void()> begun) = 0;
  virtual void deliver_piece(std::shared_ptr<Client> client, Frame piece,
                             std::function<void()> drained) = 0;
  // Hands a request to a document's actor.
  virtual void route(ot::DocId doc, DocRequest request) = 0;
  // As post(), but what comes of it reaches every client after all that was posted for that client
  // before.
  virtual void post_last(std::size_t worker, std::function<void()> task) = 0;
  // Hands a request to a presence channel, in the manner of post_last().
  virtual void publish(ChannelRequest request) = 0;
  // From now on, whoever holds a document of the collection tells of its state and of its changes.
  // Calls back when all do.
  virtual void watch(const std::string& collection, std::function<void()> done) = 0;
  virtual void unwatch(const std::string& collection) = 0;
  virtual bool is_watched(const std::string& collection) const = 0;
  // Tells the queries of the document's collection. REQUIRES: the state is on disk.
  virtual void tell_queries(DocumentNews news) = 0;
  // The actor takes more or less memory than after its last request.
  virtual void resized(DocumentActor&) {}
  // The actor has failed: the next request gets a new one, which loads from the log.
  virtual void retire(DocumentActor& actor) = 0;
};

}  // namespace segue::server
