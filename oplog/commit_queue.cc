#include "oplog/commit_queue.h"

#include <algorithm>
#include <iterator>
#include <unordered_map>
#include <utility>

#include "ot/assert.h"
#include "ot/planted_bug.h"

namespace segue::oplog {
namespace {

bool is_fault_of_the_store(const ot::Error& error) {
  return error.code == ot::Errc::log_full || error.code == ot::Errc::log_io;
}

}  // namespace

void CommitQueue::Notification::deliver() const {
  if (outcome) {
    observer->on_committed(*outcome);
  } else {
    observer->on_failed(outcome.error());
  }
}

bool CommitQueue::enqueue(Entry entry, std::shared_ptr<CommitObserver> observer, Time now) {
  OT_ASSERT(observer != nullptr);
  if (observer->failed_) {
    return false;
  }
  const std::size_t bytes = entry_bytes(entry);
  const bool opens_batch = batches_.empty() || batches_.back().closed ||
                           batches_.back().entries.size() >= options_.batch_entries_max ||
                           batches_.back().bytes + bytes > options_.batch_bytes_max;
  if (opens_batch) {
    batches_.emplace_back().oldest = now;
  }
  Batch& batch = batches_.back();
  batch.entries.push_back(std::move(entry));
  batch.observers.push_back(std::move(observer));
  batch.bytes += bytes;
  ++stats_.unsynced_entries;
  stats_.unsynced_bytes += bytes;
  return may_acknowledge(now);
}

bool CommitQueue::may_acknowledge(Time now) const {
  const Time oldest = oldest_under_way_.value_or(batches_.front().oldest);
  return options_.durability == Durability::async &&
         stats_.unsynced_bytes <= options_.unsynced_bytes_max &&
         now - oldest < options_.unsynced_age_max;
}

CommitQueue::Batch CommitQueue::next() {
  OT_ASSERT(!batches_.empty());
  OT_ASSERT(!oldest_under_way_);
  Batch batch = std::move(batches_.front());
  batches_.pop_front();
  oldest_under_way_ = batch.oldest;
  if (ot::planted(ot::Bug::batch_order_swapped)) {
    std::reverse(batch.entries.begin(), batch.entries.end());
    std::reverse(batch.observers.begin(), batch.observers.end());
  }
  return batch;
}

std::vector<CommitQueue::Notification> CommitQueue::finish(Batch batch,
                                                           const ot::Result<void>& outcome) {
  OT_ASSERT(oldest_under_way_.has_value());
  oldest_under_way_.reset();
  appended(outcome);
  if (outcome) {
    return commit(batch);
  }
  ++stats_.failed_batches;
  const auto& observers = batch.observers;
  const bool of_one_document = std::adjacent_find(observers.begin(), observers.end(),
                                                  std::not_equal_to<>()) == observers.end();
  if (is_fault_of_the_store(outcome.error()) || of_one_document) {
    return fail(batch, outcome.error());
  }
  split(std::move(batch));
  return {};
}

void CommitQueue::appended(const ot::Result<void>& outcome) {
  state_ = state_after(outcome);
  if (outcome) {
    probe_delay_ = probe_delay_min;
  }
  probes_see_full_ = false;
}

void CommitQueue::probed(const ot::Result<void>& outcome) {
  if (!outcome) {
    state_ = state_after(outcome);
    probes_see_full_ = true;
  } else if (probes_see_full_) {
    state_ = LogState::ready;
  } else {
    state_ = LogState::trying;
    probe_delay_ = std::min(2 * probe_delay_, probe_delay_max);
  }
}

LogState CommitQueue::state_after(const ot::Result<void>& outcome) const {
  if (outcome) {
    return LogState::ready;
  }
  switch (outcome.error().code) {
    case ot::Errc::log_full:
      return LogState::full;
    case ot::Errc::log_io:
      return LogState::failed;
    default:
      return state_;  // One document's fault.
  }
}

std::vector<CommitQueue::Notification> CommitQueue::commit(const Batch& batch) {
  ++stats_.batches;
  stats_.entries += batch.entries.size();
  stats_.bytes += batch.bytes;
  stats_.unsynced_entries -= batch.entries.size();
  stats_.unsynced_bytes -= batch.bytes;
  std::vector<Notification> notifications;
  std::unordered_map<const CommitObserver*, std::size_t> places;
  for (std::size_t i = 0; i < batch.entries.size(); ++i) {
    const auto& observer = batch.observers[i];
    const ot::Version head = batch.entries[i].version + 1;
    const auto [place, first] = places.try_emplace(observer.get(), notifications.size());
    if (first) {
      notifications.push_back({observer, head});
    } else {
      notifications[place->second].outcome = head;
    }
  }
  return notifications;
}

std::vector<CommitQueue::Notification> CommitQueue::fail(const Batch& batch,
                                                         const ot::Error& error) {
  stats_.unsynced_entries -= batch.entries.size();
  stats_.unsynced_bytes -= batch.bytes;
  std::vector<Notification> notifications;
  for (const auto& observer : batch.observers) {
    if (!std::exchange(observer->failed_, true)) {
      notifications.push_back({observer, ot::fail(error)});
    }
  }
  drop_failed();
  if (ot::planted(ot::Bug::ack_in_failed_batch)) {
    notifications.front().outcome = batch.entries.front().version + 1;
  }
  return notifications;
}

// Puts the batch back in front as one batch per observer.
void CommitQueue::split(Batch batch) {
  std::vector<Batch> parts;
  std::unordered_map<const CommitObserver*, std::size_t> places;
  for (std::size_t i = 0; i < batch.entries.size(); ++i) {
    const auto [place, first] = places.try_emplace(batch.observers[i].get(), parts.size());
    if (first) {
      parts.push_back({.entries = {}, .observers = {}, .oldest = batch.oldest, .closed = true});
    }
    Batch& part = parts[place->second];
    part.bytes += entry_bytes(batch.entries[i]);
    part.entries.push_back(std::move(batch.entries[i]));
    part.observers.push_back(std::move(batch.observers[i]));
  }
  batches_.insert(batches_.begin(), std::make_move_iterator(parts.begin()),
                  std::make_move_iterator(parts.end()));
}

// Takes out of the queue every entry whose observer has failed.
void CommitQueue::drop_failed() {
  for (Batch& batch : batches_) {
    Batch kept{.entries = {}, .observers = {}, .oldest = batch.oldest, .closed = batch.closed};
    for (std::size_t i = 0; i < batch.entries.size(); ++i) {
      const std::size_t bytes = entry_bytes(batch.entries[i]);
      if (batch.observers[i]->failed_) {
        --stats_.unsynced_entries;
        stats_.unsynced_bytes -= bytes;
        continue;
      }
      kept.bytes += bytes;
      kept.entries.push_back(std::move(batch.entries[i]));
      kept.observers.push_back(std::move(batch.observers[i]));
    }
    batch = std::move(kept);
  }
  std::erase_if(batches_, [](const Batch& batch) { return batch.entries.empty(); });
}

}  // namespace segue::oplog
