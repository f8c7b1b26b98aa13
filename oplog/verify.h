// verify(): whether a log on disk is whole: everything under "What must hold" in
// spec/oplog_format.md.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "oplog/lmdb_log.h"

namespace segue::oplog {

// Sees every document replayed, for a caller who knows the OT types: its ops from the first one on,
// each followed by the checkpoint of the version it leads to, if there is one. Documents come in no
// particular order. What it returns as an error is reported as the log's fault.
class ReplayVisitor {
 public:
  ReplayVisitor() = default;
  ReplayVisitor(const ReplayVisitor&) = delete;
  ReplayVisitor& operator=(const ReplayVisitor&) = delete;
  virtual ~ReplayVisitor() = default;

  virtual ot::Result<void> on_document(const ot::DocId& doc) = 0;
  virtual ot::Result<void> on_op(const Entry& entry) = 0;
  virtual ot::Result<void> on_checkpoint(const Checkpoint& checkpoint) = 0;
};

struct VerifyOptions {
  ReplayVisitor* visitor = nullptr;  // outlives the call
  // How much of how much is done, now and then. A writer may add to it meanwhile; a replay starts
  // at the half.
  std::function<void(std::uint64_t done, std::uint64_t total)> progress;
};

struct VerifyReport {
  std::uint64_t documents = 0;
  std::uint64_t ops = 0;
  std::uint64_t checkpoints = 0;
  Hash running{};                  // of the feed: proves all ops up to the newest one seen
  std::optional<ot::Error> fault;  // the first one; it names the record

  bool ok() const { return !fault; }
};

// Works beside a writer: it verifies what is there when it ends, in many short read transactions.
// Memory: about 200 bytes for each document.
VerifyReport verify(const LmdbLog& log, const VerifyOptions& options = {});

}  // namespace segue::oplog
