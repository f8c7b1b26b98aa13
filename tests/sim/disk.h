// Disk: the op log of a simulated machine. It outlives the processes that use it; what an append
// says, when it is done and what a crash leaves of it is the simulator's to decide.
//
// What reads see is what is on disk: LMDB shows a transaction once its sync is over.
#pragma once

#include <optional>
#include <vector>

#include "oplog/memory_log.h"
#include "tests/sim/core.h"
#include "tests/sim/faults.h"
#include "tests/sim/ledger.h"

namespace segue::sim {

class Disk final : public oplog::OpLog {
 public:
  Disk(std::uint64_t seed, Faults faults, Ledger& ledger)
      : dice_(seed, 1), faults_(faults), ledger_(ledger) {}

  // How long the next append takes.
  Time sync_time();
  ot::Result<void> append(std::span<const oplog::Entry> entries) override;
  // The process ended during this append: it is on disk, or not.
  void crash_during(std::span<const oplog::Entry> entries);
  // A new process opens the log.
  void reopen();
  bool broken() const { return broken_; }
  // From now on nothing fails.
  void heal();

  // A disk may be full in a way that only an append with entries meets, as a quota is.
  void set_full(bool full);
  void set_slow(bool slow) { slow_ = slow; }
  void set_bad(std::optional<ot::DocId> doc) { bad_ = std::move(doc); }
  void break_next() { break_next_ = faults_.on(Fault::broken_disk); }

  ot::Result<oplog::Head> head(const ot::DocId& doc) const override;
  ot::Result<std::vector<oplog::Entry>> read(const ot::DocId& doc, ot::Version from, ot::Version to,
                                             std::size_t bytes_max) const override;
  ot::Result<std::optional<ot::Version>> find(const ot::DocId& doc, const ot::ClientId& src,
                                              ot::Seq seq) const override;
  ot::Result<std::optional<std::string>> src_author(const ot::ClientId& src) const override {
    return log_.src_author(src);
  }
  ot::Result<std::optional<ot::Seq>> last_seq(const ot::DocId& doc,
                                              const ot::ClientId& src) const override;
  ot::Result<ot::Version> version_at(const ot::DocId& doc, std::int64_t time_ms) const override;
  ot::Result<void> save_checkpoint(const oplog::Checkpoint& checkpoint) override;
  ot::Result<std::optional<oplog::Checkpoint>> checkpoint(const ot::DocId& doc,
                                                          ot::Version version) const override;
  ot::Result<std::vector<ot::DocId>> documents(const std::optional<ot::DocId>& after,
                                               std::size_t limit) const override {
    return log_.documents(after, limit);
  }
  ot::Result<std::vector<oplog::FeedItem>> feed(std::uint64_t after,
                                                std::size_t limit) const override {
    return log_.feed(after, limit);
  }
  ot::Result<std::uint64_t> feed_end() const override { return log_.feed_end(); }

 private:
  void store(std::span<const oplog::Entry> entries);
  bool read_fails() const { return faults_.on(Fault::failing_read) && !healed_ && dice_.chance(3); }
  template <class T>
  ot::Result<T> unless_it_fails(ot::Result<T> result) const;

  mutable Dice dice_;
  Faults faults_;
  Ledger& ledger_;
  oplog::MemoryLog log_;
  bool full_ = false;
  bool probes_see_full_ = false;
  bool slow_ = false;
  bool break_next_ = false;
  bool broken_ = false;
  bool healed_ = false;
  std::optional<ot::DocId> bad_;
  std::vector<oplog::Entry> doubtful_;  // of the append that broke it: on disk, to be seen later
};

}  // namespace segue::sim
