// GroupCommit: the one thread that appends. Everything queued during a sync becomes the next
// transaction, so the cost of a sync is shared by all who wait for it. What goes where is decided
// by CommitQueue.
//
// Threads: any may call; observers are called on the commit thread, without a lock held, and must
// not block. Ownership: the log outlives this object.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "oplog/commit_queue.h"

namespace segue::oplog {

class GroupCommit {
 public:
  using Options = CommitQueue::Options;

  // An append of a batch, for metrics.
  struct Append {
    std::size_t entries;
    std::size_t bytes;
    std::chrono::microseconds took;
    bool failed;
  };
  // `on_state` hears of each change of state(), `on_append` of each append; on the commit thread.
  explicit GroupCommit(
      OpLog& log, Options options = {}, std::function<void(LogState)> on_state = [](LogState) {},
      std::function<void(const Append&)> on_append = [](const Append&) {});
  GroupCommit(const GroupCommit&) = delete;
  GroupCommit& operator=(const GroupCommit&) = delete;
  ~GroupCommit();  // stop()

  // Queues the entry, which is on disk when the observer says so. True if its author may be
  // acknowledged right away: Durability::async, and little enough is unsynced. After stop() the
  // entry is dropped without a word: its author keeps it, since no acknowledgement ever comes.
  bool enqueue(Entry entry, std::shared_ptr<CommitObserver> observer);

  // Returns when all that was queued before is settled and its observers were told.
  // REQUIRES: not called on the commit thread.
  void drain();

  // Commits what is queued, tells the observers, and ends the thread. May be called again.
  // REQUIRES: not called on the commit thread.
  void stop();

  // Full: appends fail until there is room again, which is looked for now and then, as
  // CommitQueue::probed() says.
  LogState state() const { return state_; }
  CommitQueue::Stats stats() const;

 private:
  void run();
  void wait_for_work(std::unique_lock<std::mutex>& lock);
  void append(std::unique_lock<std::mutex>& lock);
  void probe(std::unique_lock<std::mutex>& lock);
  void tell_state(std::unique_lock<std::mutex>& lock);

  OpLog& log_;
  const std::function<void(LogState)> on_state_;
  const std::function<void(const Append&)> on_append_;
  mutable std::mutex mutex_;         // guards all but thread_
  std::condition_variable work_;     // something was queued, or stopping_
  std::condition_variable settled_;  // the queue ran empty
  CommitQueue queue_;
  std::atomic<LogState> state_{LogState::ready};  // the queue's, as it was last told
  bool busy_ = false;                             // a batch is under way
  bool stopping_ = false;
  std::mutex join_mutex_;  // one stop() at a time
  std::thread thread_;     // last: the rest is there when it starts
};

}  // namespace segue::oplog
