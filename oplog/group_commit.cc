#include "oplog/group_commit.h"

#include <utility>

#include "ot/planted_bug.h"

namespace segue::oplog {

GroupCommit::GroupCommit(OpLog& log, Options options, std::function<void(LogState)> on_state,
                         std::function<void(const Append&)> on_append)
    : log_(log),
      on_state_(std::move(on_state)),
      on_append_(std::move(on_append)),
      queue_(options),
      thread_([this] { run(); }) {}

GroupCommit::~GroupCommit() { stop(); }

bool GroupCommit::enqueue(Entry entry, std::shared_ptr<CommitObserver> observer) {
  const auto now = std::chrono::steady_clock::now();
  const std::lock_guard lock(mutex_);
  if (stopping_) {
    return false;
  }
  const bool may_acknowledge = queue_.enqueue(std::move(entry), std::move(observer), now);
  work_.notify_one();
  return may_acknowledge;
}

void GroupCommit::drain() {
  std::unique_lock lock(mutex_);
  settled_.wait(lock, [this] { return queue_.empty() && !busy_; });
}

void GroupCommit::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    work_.notify_one();
  }
  const std::lock_guard lock(join_mutex_);
  if (thread_.joinable()) {
    thread_.join();
  }
}

CommitQueue::Stats GroupCommit::stats() const {
  const std::lock_guard lock(mutex_);
  return queue_.stats();
}

void GroupCommit::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    wait_for_work(lock);
    if (!queue_.empty()) {
      append(lock);
    } else if (stopping_) {
      return;
    } else {
      probe(lock);
    }
    tell_state(lock);
  }
}

void GroupCommit::wait_for_work(std::unique_lock<std::mutex>& lock) {
  if (ot::planted(ot::Bug::lost_wake_up)) {
    work_.wait(lock);
  }
  const auto is_work = [this] { return !queue_.empty() || stopping_; };
  if (queue_.state() == LogState::full) {
    work_.wait_for(lock, queue_.probe_delay(), is_work);
  } else {
    work_.wait(lock, is_work);
  }
}

void GroupCommit::append(std::unique_lock<std::mutex>& lock) {
  auto batch = queue_.next();
  busy_ = true;
  lock.unlock();
  const auto began = std::chrono::steady_clock::now();
  const auto outcome = log_.append(batch.entries);
  const auto took = std::chrono::steady_clock::now() - began;
  on_append_({batch.entries.size(), batch.bytes,
              std::chrono::duration_cast<std::chrono::microseconds>(took), !outcome});
  lock.lock();
  const auto notifications = queue_.finish(std::move(batch), outcome);
  lock.unlock();
  for (const auto& notification : notifications) {
    notification.deliver();
  }
  lock.lock();
  busy_ = false;
  if (queue_.empty()) {
    settled_.notify_all();
  }
}

void GroupCommit::probe(std::unique_lock<std::mutex>& lock) {
  lock.unlock();
  const auto outcome = log_.append({});
  lock.lock();
  queue_.probed(outcome);
}

void GroupCommit::tell_state(std::unique_lock<std::mutex>& lock) {
  const LogState state = queue_.state();
  if (state_.exchange(state) == state) {
    return;
  }
  lock.unlock();
  on_state_(state);
  lock.lock();
}

}  // namespace segue::oplog
