// MemoryLog: an OpLog that nothing survives. The reference implementation for tests, and the store
// behind `--in-memory`.
//
// Threads: any; one lock over all. Every read costs O(log n) plus what it returns.
#pragma once

#include <map>
#include <shared_mutex>
#include <unordered_map>

#include "oplog/op_log.h"

namespace segue::oplog {

class MemoryLog final : public OpLog {
 public:
  ot::Result<void> append(std::span<const Entry> entries) override;
  ot::Result<Head> head(const ot::DocId& doc) const override;
  ot::Result<std::vector<Entry>> read(const ot::DocId& doc, ot::Version from, ot::Version to,
                                      std::size_t bytes_max) const override;
  ot::Result<std::optional<ot::Version>> find(const ot::DocId& doc, const ot::ClientId& src,
                                              ot::Seq seq) const override;
  ot::Result<std::optional<ot::Seq>> last_seq(const ot::DocId& doc,
                                              const ot::ClientId& src) const override;
  ot::Result<std::optional<std::string>> src_author(const ot::ClientId& src) const override;
  ot::Result<ot::Version> version_at(const ot::DocId& doc, std::int64_t time_ms) const override;
  ot::Result<void> save_checkpoint(const Checkpoint& checkpoint) override;
  ot::Result<std::optional<Checkpoint>> checkpoint(const ot::DocId& doc,
                                                   ot::Version version) const override;
  ot::Result<std::vector<ot::DocId>> documents(const std::optional<ot::DocId>& after,
                                               std::size_t limit) const override;
  ot::Result<std::vector<FeedItem>> feed(std::uint64_t after, std::size_t limit) const override;
  ot::Result<std::uint64_t> feed_end() const override;

 private:
  using Seqs = std::map<ot::Seq, ot::Version>;
  struct Document {
    std::vector<Entry> ops;  // the op at version v is ops[v]
    std::unordered_map<std::string, Seqs> seqs;
    std::map<ot::Version, Checkpoint> checkpoints;
  };
  struct Position {
    const ot::DocId* doc;  // a key of documents_
    ot::Version version;
  };

  ot::Result<void> append_one(const Entry& entry);
  void remove_last();  // takes back the newest append_one()
  const Document* document(const ot::DocId& doc) const;

  mutable std::shared_mutex mutex_;          // guards all below
  std::map<ot::DocId, Document> documents_;  // those with ops
  std::vector<Position> feed_;               // number n is feed_[n - 1]
  std::unordered_map<std::string, std::string> src_authors_;
};

}  // namespace segue::oplog
