#include "tests/sim/disk.h"

#include <algorithm>
#include <utility>

#include "ot/assert.h"

namespace segue::sim {

Time Disk::sync_time() {
  if (slow_) {
    return dice_.between(200 * ms, 4 * second);
  }
  return dice_.long_tailed(200, 40 * ms);
}

ot::Result<void> Disk::append(std::span<const oplog::Entry> entries) {
  if (broken_) {
    return ot::fail(ot::Errc::log_io, "the disk has failed");
  }
  if (full_ && (probes_see_full_ || !entries.empty())) {
    return ot::fail(ot::Errc::log_full, "no space left");
  }
  if (std::exchange(break_next_, false)) {
    broken_ = true;
    if (dice_.chance(50)) {
      doubtful_.assign(entries.begin(), entries.end());
    }
    return ot::fail(ot::Errc::log_io, "the disk has failed");
  }
  const bool bad = std::any_of(entries.begin(), entries.end(),
                               [&](const oplog::Entry& entry) { return entry.doc == bad_; });
  if (bad) {
    return ot::fail(ot::Errc::log_corrupt, bad_->str() + ": its newest op cannot be trusted");
  }
  store(entries);
  return {};
}

void Disk::store(std::span<const oplog::Entry> entries) {
  ledger_.before_append(entries);
  const auto stored = log_.append(entries);
  if (!stored) {
    throw Violation("G7 the log takes what the engine gives it: " + stored.error().detail);
  }
  ledger_.appended(entries);
}

void Disk::crash_during(std::span<const oplog::Entry> entries) {
  if (!broken_ && !full_ && !bad_ && dice_.chance(50)) {
    store(entries);
  }
}

void Disk::reopen() {
  broken_ = false;
  store(std::exchange(doubtful_, {}));
}

void Disk::set_full(bool full) {
  full_ = full;
  probes_see_full_ = dice_.chance(50);
}

void Disk::heal() {
  healed_ = true;
  full_ = false;
  slow_ = false;
  break_next_ = false;
  bad_.reset();
}

// ---- reads

template <class T>
ot::Result<T> Disk::unless_it_fails(ot::Result<T> result) const {
  if (read_fails()) {
    return ot::fail(ot::Errc::log_io, "a read failed");
  }
  return result;
}

ot::Result<oplog::Head> Disk::head(const ot::DocId& doc) const {
  return unless_it_fails(log_.head(doc));
}

ot::Result<std::vector<oplog::Entry>> Disk::read(const ot::DocId& doc, ot::Version from,
                                                 ot::Version to, std::size_t bytes_max) const {
  return unless_it_fails(log_.read(doc, from, to, bytes_max));
}

ot::Result<std::optional<ot::Version>> Disk::find(const ot::DocId& doc, const ot::ClientId& src,
                                                  ot::Seq seq) const {
  return unless_it_fails(log_.find(doc, src, seq));
}

ot::Result<std::optional<ot::Seq>> Disk::last_seq(const ot::DocId& doc,
                                                  const ot::ClientId& src) const {
  return unless_it_fails(log_.last_seq(doc, src));
}

ot::Result<ot::Version> Disk::version_at(const ot::DocId& doc, std::int64_t time_ms) const {
  return unless_it_fails(log_.version_at(doc, time_ms));
}

ot::Result<void> Disk::save_checkpoint(const oplog::Checkpoint& checkpoint) {
  if (broken_ || full_) {
    return ot::fail(broken_ ? ot::Errc::log_io : ot::Errc::log_full, "not stored");
  }
  ledger_.check_checkpoint(checkpoint);
  return log_.save_checkpoint(checkpoint);
}

ot::Result<std::optional<oplog::Checkpoint>> Disk::checkpoint(const ot::DocId& doc,
                                                              ot::Version version) const {
  return unless_it_fails(log_.checkpoint(doc, version));
}

}  // namespace segue::sim
