// Worker: one thread with one event loop. Connections live on one; each document is pinned to one
// by its name. Workers talk by posting tasks: what one turn of a loop has for another worker
// crosses over in one go, in order.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <unordered_set>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>

#include "oplog/group_commit.h"
#include "oplog/op_log.h"
#include "server/access/access.h"
#include "server/connection_list.h"
#include "server/doc_request.h"
#include "server/document_actor.h"
#include "server/document_host.h"
#include "server/document_table.h"
#include "server/guard.h"
#include "server/limits.h"
#include "server/live.h"
#include "server/load_queue.h"
#include "server/metrics.h"
#include "server/news.h"
#include "server/overview.h"
#include "server/presence_hub.h"
#include "server/query_hub.h"
#include "server/session.h"

namespace segue::server {

class Worker;

// Has bytes for a socket.
class Writer {
 public:
  Writer() = default;
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
  virtual ~Writer() = default;

  virtual void write() = 0;
};

// What all workers share. Outlives them.
struct Shared {
  const Limits& limits;
  std::size_t worker_count;
  ot::TypeLookup types;
  oplog::OpLog& log;
  oplog::GroupCommit& commits;
  boost::asio::thread_pool& readers;       // blocking reads of the log
  boost::asio::thread_pool& checkpointer;  // one thread, which writes checkpoints
  SessionRules rules;
  std::set<std::string> exclusive_leases;  // collections; * for all
  std::atomic<bool> publish_suppressed{false};
  std::atomic<std::size_t> reads_open{0};
  std::atomic<std::size_t> requests_open{0};                 // over HTTP, being answered
  std::vector<std::unique_ptr<ConnectionList>> connections;  // of each worker
  std::vector<std::unique_ptr<Worker>> workers;
  std::unique_ptr<access::Access> access{};  // null where no keys are in use
  std::unique_ptr<Guard> guard{};            // null where nobody is held to limits
  bool compresses = false;                   // messages, for clients that want it
  const CommitMetrics* commit_metrics = nullptr;
  std::chrono::microseconds slow_op{0};  // from which on an op is logged; 0: none
  std::atomic<bool> draining{false};     // the server is about to end
  std::int64_t started_ms = 0;           // since the epoch

  // A clock for rates, which never steps.
  static std::int64_t steady_ms() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               std::chrono::steady_clock::now().time_since_epoch())
        .count();
  }
};

class Worker : public DocumentHost {
 public:
  Worker(std::size_t index, Shared& shared);

  std::size_t index() const { return index_; }
  boost::asio::io_context& io() { return io_; }
  // Drops all that is still under way. Workers hold each other's connections, so the server calls
  // this for each of them before it destroys any. REQUIRES: no thread runs the loop any more.
  void abandon();
  const Limits& limits() const override { return shared_.limits; }
  ot::TypeLookup types() const override { return shared_.types; }
  const SessionRules& rules() const { return shared_.rules; }
  bool compresses() const { return shared_.compresses; }
  bool publish_suppressed() const override { return shared_.publish_suppressed; }
  bool leases_exclusively(const std::string& collection) const override {
    return shared_.exclusive_leases.contains(collection) || shared_.exclusive_leases.contains("*");
  }

  // The rest: on this worker's thread only.

  // Sends a request to the worker of the document, channel or collection. Requests for one of them
  // keep their order.
  void route(ot::DocId doc, DocRequest request) override;
  void route(ChannelRequest request);
  void route(QueryRequest request);
  // The log was full and takes ops again.
  void on_room();
  // This worker's share of what the server holds.
  Live live();
  Overview overview();
  // What all workers hold.
  void count_live(std::function<void(const Live&)> then);
  void look_over(std::function<void(const Overview&)> then);
  // Any thread. Why nobody should be sent here now; empty if the server is ready.
  std::string_view not_ready() const;
  bool draining() const { return shared_.draining; }
  WorkerMetrics& metrics() { return metrics_; }
  std::unique_ptr<WorkerMetrics> metrics_of_all() const;  // workers, added up
  std::int64_t started_ms() const { return shared_.started_ms; }
  const CommitMetrics& commit_metrics() const { return *shared_.commit_metrics; }
  std::size_t reads_open() const { return shared_.reads_open; }
  News& news() { return news_; }
  std::atomic<std::size_t>& requests_open() { return shared_.requests_open; }
  // Calls write() at the end of this turn of the loop, so that all it brings goes out together.
  void write_later(std::shared_ptr<Writer> writer);

  access::Access* access() { return shared_.access.get(); }

  std::int64_t now_ms() const override;
  std::int64_t clock_us() const override;
  void on_committed(const OpTrace& op) override;
  void on_duplicate() override { metrics_.duplicates.add(); }
  void on_refused(ot::Errc code) override {
    metrics_.refused.at(static_cast<std::size_t>(code)).add();
  }
  std::int64_t steady_ms() const override { return Shared::steady_ms(); }
  Alarm call_at(std::int64_t steady_ms, std::function<void()> task) override;
  double now_s() const { return static_cast<double>(now_ms()) / 1000; }
  std::size_t workers() const override { return shared_.worker_count; }
  std::size_t worker() const override { return index_; }
  bool commit(oplog::Entry entry, DocumentActor& actor) override;
  oplog::LogState log_state() const override { return shared_.commits.state(); }
  void read(std::function<void(const oplog::OpLog&)> job, std::function<void()> done) override;
  void save(std::function<void(oplog::OpLog&)> job, std::function<void()> done) override;
  void post(std::size_t worker, std::function<void()> task) override;
  void begin_catch_up(std::shared_ptr<Client> client, std::function<void()> begun) override;
  void deliver_piece(std::shared_ptr<Client> client, Frame piece,
                     std::function<void()> drained) override;
  void post_last(std::size_t worker, std::function<void()> task) override;
  void publish(ChannelRequest request) override;
  void watch(const std::string& collection, std::function<void()> done) override;
  void unwatch(const std::string& collection) override;
  bool is_watched(const std::string& collection) const override {
    return watched_.contains(collection);
  }
  void tell_queries(DocumentNews news) override;
  void resized(DocumentActor& actor) override;
  void retire(DocumentActor& actor) override;

 private:
  // What waits in a loop can be dropped while objects that belong to it live on.
  struct Loop : boost::asio::io_context {
    using io_context::io_context;
    void abandon() { shutdown(); }
  };
  class Observer;
  using Tasks = std::vector<std::function<void()>>;

  void announce_everywhere(const ot::DocId& doc);
  void handle(ot::DocId doc, DocRequest request);
  void pass_on(const ot::DocId& doc, DocRequest request);
  void wait_for_memory(ot::DocId doc, DocRequest request);
  void load_waiting();
  void send_away(const DocRequest& request);
  bool make_room(std::size_t documents_max);
  void flush();
  static void run(const Tasks& tasks);
  std::size_t home_of(const std::string& name) const {
    return std::hash<std::string>()(name) % shared_.workers.size();
  }
  void start_telling(const std::string& collection);
  void write_some();

  std::size_t index_;
  Shared& shared_;
  News news_;  // outlives what waits in the loop
  Loop io_{1};
  DocumentTable documents_;
  PresenceHub presence_{*this};
  QueryHub queries_{*this};
  std::unordered_set<std::string> watched_;  // collections
  LoadQueue loads_;
  boost::asio::steady_timer load_timer_{io_};  // runs while loads_ has any
  std::vector<Tasks> outgoing_;                // of this turn, by worker
  bool flush_posted_ = false;
  std::deque<std::shared_ptr<Writer>> writers_;
  bool writes_posted_ = false;
  std::int64_t writes_since_us_ = 0;  // when the first of writers_ got there
  WorkerMetrics metrics_;
};

}  // namespace segue::server
