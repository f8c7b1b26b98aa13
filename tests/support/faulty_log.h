// FaultyLog: an OpLog in front of another one that fails or holds back appends as a test says.
//
// Threads: as OpLog; the test's own calls may come from any thread.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

#include "oplog/op_log.h"

namespace segue::test {

class FaultyLog final : public oplog::OpLog {
 public:
  explicit FaultyLog(oplog::OpLog& log) : log_(log) {}

  // The n-th append (from 1) and it alone fails with `error` and writes nothing.
  void fail_append(std::size_t n, ot::Error error) {
    const std::lock_guard lock(mutex_);
    faults_.emplace(n, std::move(error));
  }

  // Appends that begin from now on wait until open_gate().
  void close_gate() {
    const std::lock_guard lock(mutex_);
    gate_open_ = false;
  }
  void open_gate() {
    const std::lock_guard lock(mutex_);
    gate_open_ = true;
    changed_.notify_all();
  }
  // Returns when the n-th append (from 1) has begun.
  void wait_for_append(std::size_t n) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return batch_sizes_.size() >= n; });
  }

  // The number of entries of each append so far.
  std::vector<std::size_t> batch_sizes() const {
    const std::lock_guard lock(mutex_);
    return batch_sizes_;
  }

  ot::Result<void> append(std::span<const oplog::Entry> entries) override {
    std::unique_lock lock(mutex_);
    batch_sizes_.push_back(entries.size());
    const auto fault = faults_.find(batch_sizes_.size());
    changed_.notify_all();
    changed_.wait(lock, [this] { return gate_open_; });
    if (fault != faults_.end()) {
      return ot::fail(fault->second);
    }
    return log_.append(entries);
  }

  ot::Result<oplog::Head> head(const ot::DocId& doc) const override { return log_.head(doc); }
  ot::Result<std::vector<oplog::Entry>> read(const ot::DocId& doc, ot::Version from, ot::Version to,
                                             std::size_t bytes_max) const override {
    return log_.read(doc, from, to, bytes_max);
  }
  ot::Result<std::optional<ot::Version>> find(const ot::DocId& doc, const ot::ClientId& src,
                                              ot::Seq seq) const override {
    return log_.find(doc, src, seq);
  }
  ot::Result<std::optional<std::string>> src_author(const ot::ClientId& src) const override {
    return log_.src_author(src);
  }
  ot::Result<std::optional<ot::Seq>> last_seq(const ot::DocId& doc,
                                              const ot::ClientId& src) const override {
    return log_.last_seq(doc, src);
  }
  ot::Result<ot::Version> version_at(const ot::DocId& doc, std::int64_t time_ms) const override {
    return log_.version_at(doc, time_ms);
  }
  ot::Result<void> save_checkpoint(const oplog::Checkpoint& checkpoint) override {
    return log_.save_checkpoint(checkpoint);
  }
  ot::Result<std::optional<oplog::Checkpoint>> checkpoint(const ot::DocId& doc,
                                                          ot::Version version) const override {
    return log_.checkpoint(doc, version);
  }
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
  oplog::OpLog& log_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::size_t, ot::Error> faults_;
  std::vector<std::size_t> batch_sizes_;
  bool gate_open_ = true;
};

}  // namespace segue::test
