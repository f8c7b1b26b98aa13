// CommitQueue: decides what goes into the next commit and who is told what afterwards. Pure: no
// thread, no clock and no log, so that a simulator drives it as GroupCommit's thread does.
//
// One batch is under way at a time: next() -> append it -> finish(). Everything queued meanwhile
// becomes the next batch, up to the limits.
//
// Thread: its owner's. Invariants: a document's entries stay in the order they were queued in; once
// an observer has failed, no entry of it is ever in a batch again.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "oplog/op_log.h"

namespace segue::oplog {

// Hears what became of the entries that it was queued with, all of one document.
class CommitObserver {
 public:
  CommitObserver() = default;
  CommitObserver(const CommitObserver&) = delete;
  CommitObserver& operator=(const CommitObserver&) = delete;
  virtual ~CommitObserver() = default;

  // All entries below `head` are on disk.
  virtual void on_committed(ot::Version head) = 0;
  // From its first entry not reported as committed, none was or will be written. Called once, and
  // last: what is queued with this observer later is dropped. (After log_io alone some may turn out
  // to be on disk when the log is opened anew.)
  virtual void on_failed(const ot::Error& error) = 0;

 private:
  friend class CommitQueue;
  bool failed_ = false;  // belongs to the queue
};

enum class Durability : std::uint8_t {
  sync,   // acknowledge when on_committed() says so
  async,  // acknowledge when queued, as long as little is unsynced; commits follow in order
};

// What the last append said of the store.
enum class LogState : std::uint8_t {
  ready,
  full,    // waits for room
  trying,  // was full in a way that only an append can see, which the next one does
  failed,  // after an I/O error, until the log is opened anew
};

// Whether it is worth while to queue a new op.
constexpr bool takes_ops(LogState state) {
  return state == LogState::ready || state == LogState::trying;
}

class CommitQueue {
 public:
  using Time = std::chrono::steady_clock::time_point;

  struct Options {
    std::size_t batch_entries_max = 4096;
    std::size_t batch_bytes_max = std::size_t{8} << 20;
    Durability durability = Durability::sync;
    std::size_t unsynced_bytes_max = std::size_t{4} << 20;  // async: at most this may be lost
    std::chrono::milliseconds unsynced_age_max{1000};
  };

  struct Stats {
    std::uint64_t batches = 0;  // committed
    std::uint64_t entries = 0;  // committed
    std::uint64_t bytes = 0;    // committed
    std::uint64_t failed_batches = 0;
    std::size_t unsynced_entries = 0;  // queued or in the batch under way
    std::size_t unsynced_bytes = 0;
  };

  struct Batch {
    std::vector<Entry> entries;
    std::vector<std::shared_ptr<CommitObserver>> observers;  // one per entry
    std::size_t bytes = 0;
    Time oldest;
    bool closed = false;  // takes no more entries
  };

  struct Notification {
    std::shared_ptr<CommitObserver> observer;
    ot::Result<ot::Version> outcome;  // the committed head, or why it failed

    void deliver() const;
  };

  static constexpr std::chrono::milliseconds probe_delay_min{200};
  static constexpr std::chrono::milliseconds probe_delay_max{5000};

  explicit CommitQueue(Options options) : options_(options) {}

  // Queues the entry. True if its author may be acknowledged before it is on disk, which is never
  // so with Durability::sync. REQUIRES: `observer` is not null.
  bool enqueue(Entry entry, std::shared_ptr<CommitObserver> observer, Time now);

  bool empty() const { return batches_.empty(); }

  // Takes what is to be appended next. REQUIRES: not empty, and no batch is under way.
  Batch next();

  // Ends the batch taken last with what append() said. Returns what to tell whom, in the order of
  // the batch, each observer once. After log_full and log_io all observers in the batch have
  // failed; any other error is the fault of one document, so the others of the batch are tried
  // again, each alone.
  std::vector<Notification> finish(Batch batch, const ot::Result<void>& outcome);

  // While the log is full it is to be probed after each probe_delay(), by an append() without
  // entries. That sees a disk below its free-space mark, but no quota and no full map: if no probe
  // has seen the log full, then the next entries are what tells, and the delay doubles until some
  // are committed.
  std::chrono::milliseconds probe_delay() const { return probe_delay_; }
  void probed(const ot::Result<void>& outcome);

  LogState state() const { return state_; }
  Stats stats() const { return stats_; }

 private:
  LogState state_after(const ot::Result<void>& outcome) const;
  void appended(const ot::Result<void>& outcome);
  bool may_acknowledge(Time now) const;
  std::vector<Notification> commit(const Batch& batch);
  std::vector<Notification> fail(const Batch& batch, const ot::Error& error);
  void split(Batch batch);
  void drop_failed();

  Options options_;
  std::deque<Batch> batches_;  // none is empty
  std::optional<Time> oldest_under_way_;
  LogState state_ = LogState::ready;
  bool probes_see_full_ = false;  // since an append last said that the log is full
  std::chrono::milliseconds probe_delay_ = probe_delay_min;
  Stats stats_;
};

}  // namespace segue::oplog
