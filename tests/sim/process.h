// Process: one incarnation of the server. Real are the actors, sessions, outboxes and the queue of
// the group commit; workers, threads and sockets are events in the simulator's queue.
//
// It may be paused, be stopped in good order, and crash. Nothing of it runs after its end.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "oplog/commit_queue.h"
#include "server/channel_request.h"
#include "server/doc_request.h"
#include "server/document_actor.h"
#include "server/query_request.h"
#include "tests/sim/core.h"
#include "tests/sim/link.h"
#include "tests/sim/server_end.h"

namespace segue::sim {

class World;
class WorkerHost;

class Process : public std::enable_shared_from_this<Process> {
 public:
  using Task = std::function<void()>;

  Process(World& world, std::uint64_t number);
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  ~Process();

  World& world() { return world_; }
  bool accepts() const { return alive_ && !stopping_; }
  void on_connect(const std::shared_ptr<Link>& link);
  void forget(const ServerEnd& end);

  void pause(Time time);
  // Stops in good order, then calls back. A crash may come in between.
  void stop(Task stopped);
  void crash(bool clients_are_told);
  // As crash(), and nobody hears of it: the run is over.
  void vanish();

  // Runs the task now, or after a pause, or never.
  void run(Task task);
  void later(Time delay, Task task);
  void in_order(Lane& lane, Time delay, Task task);

  // For the workers.
  Dice& dice() { return dice_; }
  std::int64_t now_ms() const;
  oplog::CommitQueue::Time steady_now() const;
  std::size_t workers() const { return workers_.size(); }
  Lane& lane(std::size_t from, std::size_t to) { return lanes_[from * workers() + to]; }
  Lane& notices(std::size_t worker) { return lane(worker, worker); }  // of the commit
  void route(std::size_t from, const ot::DocId& doc, server::DocRequest request);
  void route(std::size_t from, server::ChannelRequest request);
  void route(std::size_t from, server::QueryRequest request);
  // The worker of a document, a channel, or a collection.
  std::size_t home_of(const std::string& name) const;
  WorkerHost& worker(std::size_t index) { return *workers_[index]; }
  bool commit(oplog::Entry entry, std::shared_ptr<oplog::CommitObserver> observer);
  oplog::LogState log_state() const { return log_state_; }
  void read(std::function<void(const oplog::OpLog&)> job, Task done);
  void save(std::function<void(oplog::OpLog&)> job, Task done);

 private:
  void accept(const std::shared_ptr<Link>& link);
  void start_commit();
  void finish_commit();
  void probe_later();
  void tell_state();
  void settle(Time deadline, const Task& stopped);
  void say_goodbye(Time deadline, const Task& stopped);

  World& world_;
  std::uint64_t number_;
  Dice dice_;
  bool alive_ = true;
  bool stopping_ = false;
  Time paused_until_ = 0;
  std::deque<Task> paused_;
  std::int64_t clock_skew_ms_;
  oplog::CommitQueue queue_;
  bool committing_ = false;
  bool probe_due_ = false;
  oplog::LogState log_state_ = oplog::LogState::ready;  // as the workers know it
  std::optional<oplog::CommitQueue::Batch> under_way_;
  std::size_t reads_open_ = 0;
  std::vector<std::unique_ptr<WorkerHost>> workers_;
  std::deque<Lane> lanes_;  // from worker to worker
  Lane saves_;              // checkpoints are written one at a time
  std::map<std::uint64_t, std::shared_ptr<Link>> connecting_;
  std::map<std::uint64_t, std::shared_ptr<ServerEnd>> ends_;
};

}  // namespace segue::sim
