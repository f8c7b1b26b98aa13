// WorkerHost: the surroundings of the actors of one worker, as server/worker.cc is in the product,
// with the real table of documents and the real queue of loads. Tasks between workers cross over in
// one go per turn, in order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "oplog/commit_queue.h"
#include "server/channel_request.h"
#include "server/document_actor.h"
#include "server/document_host.h"
#include "server/document_table.h"
#include "server/load_queue.h"
#include "server/presence_hub.h"
#include "server/query_hub.h"
#include "server/query_request.h"
#include "tests/sim/process.h"

namespace segue::sim {

class WorkerHost final : public server::DocumentHost {
 public:
  // `process` outlives it.
  WorkerHost(Process& process, std::size_t index, std::size_t documents_bytes_max);

  void handle(const ot::DocId& doc, server::DocRequest request);
  void handle(const server::ChannelRequest& request) { presence_.handle(request); }
  void handle(server::QueryRequest request) { queries_.handle(std::move(request)); }
  void on_room();
  // Breaks the circles in which actors and the tasks they wait for hold each other.
  void abandon();

  const server::Limits& limits() const override;
  ot::TypeLookup types() const override;
  std::int64_t now_ms() const override { return process_.now_ms(); }
  std::size_t workers() const override { return process_.workers(); }
  std::size_t worker() const override { return index_; }
  bool commit(oplog::Entry entry, server::DocumentActor& actor) override;
  void read(std::function<void(const oplog::OpLog&)> job, std::function<void()> done) override {
    process_.read(std::move(job), std::move(done));
  }
  oplog::LogState log_state() const override { return process_.log_state(); }
  void save(std::function<void(oplog::OpLog&)> job, std::function<void()> done) override {
    process_.save(std::move(job), std::move(done));
  }
  void post(std::size_t worker, std::function<void()> task) override;
  void begin_catch_up(std::shared_ptr<server::Client> client, std::function<void()> begun) override;
  void deliver_piece(std::shared_ptr<server::Client> client, server::Frame piece,
                     std::function<void()> drained) override;
  void route(ot::DocId doc, server::DocRequest request) override;
  // Nobody here uses leases.
  std::int64_t steady_ms() const override { return process_.now_ms(); }
  Alarm call_at(std::int64_t, std::function<void()>) override { return nullptr; }
  void post_last(std::size_t worker, std::function<void()> task) override;
  void publish(server::ChannelRequest request) override;
  void watch(const std::string& collection, std::function<void()> done) override;
  void unwatch(const std::string& collection) override;
  bool is_watched(const std::string& collection) const override {
    return watched_.count(collection) > 0;
  }
  void tell_queries(server::DocumentNews news) override;
  void resized(server::DocumentActor& actor) override;
  void retire(server::DocumentActor& actor) override;

 private:
  void pass_on(const ot::DocId& doc, server::DocRequest request);
  void wait_for_memory(const ot::DocId& doc, server::DocRequest request);
  void load_waiting();
  void send_away(const server::DocRequest& request);
  void flush();
  void start_telling(const std::string& collection);

  Process& process_;
  std::size_t index_;
  server::DocumentTable documents_;
  server::LoadQueue loads_;
  server::PresenceHub presence_{*this};
  server::QueryHub queries_{*this};
  std::set<std::string> watched_;  // collections
  std::vector<std::vector<std::function<void()>>> outgoing_;
  bool flush_posted_ = false;
};

}  // namespace segue::sim
