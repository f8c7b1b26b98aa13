// LmdbView: the log's contents as one transaction sees them, each value checked as it is read.
//
// Thread: its transaction's, which outlives it, as the store does. Errors of all: log_corrupt,
// naming the record; log_io.
#pragma once

#include <optional>
#include <vector>

#include "oplog/layout.h"
#include "oplog/lmdb_store.h"

namespace segue::oplog {

class LmdbView {
 public:
  LmdbView(const LmdbStore& store, const LmdbTxn& txn) : store_(store), txn_(txn) {}

  // Nothing if no op was ever committed to it.
  ot::Result<std::optional<Document>> find_document(const ot::DocId& doc) const;
  // By the number that something else in the log refers to.
  ot::Result<Document> document(std::uint64_t number) const;
  // The highest number in use; 0 without documents.
  ot::Result<std::uint64_t> last_document() const;

  // REQUIRES: the document has an op at `version`; without one the log is corrupt.
  ot::Result<Record> op(const Place& place, ot::Version version) const;
  ot::Result<Record> newest_op(const Place& place) const;
  // As OpLog::read(); each op is also checked to follow the one before it.
  ot::Result<std::vector<Entry>> ops(const Place& place, ot::Version from, ot::Version to,
                                     std::size_t bytes_max) const;
  // As OpLog::version_at().
  ot::Result<ot::Version> version_at(const Document& document, std::int64_t time_ms) const;

  ot::Result<std::optional<ot::Version>> find(const Document& document, const ot::ClientId& src,
                                              ot::Seq seq) const;
  ot::Result<std::optional<ot::Seq>> last_seq(const Document& document,
                                              const ot::ClientId& src) const;
  ot::Result<std::optional<std::string>> src_author(const ot::ClientId& src) const;

  ot::Result<std::optional<Checkpoint>> checkpoint(const Place& place, ot::Version version) const;

  // As OpLog has them.
  ot::Result<std::vector<ot::DocId>> documents(const std::optional<ot::DocId>& after,
                                               std::size_t limit) const;
  ot::Result<std::vector<FeedItem>> feed(std::uint64_t after, std::size_t limit) const;

  struct FeedEnd {
    std::uint64_t number = 0;  // of the newest item
    RunningHash running;
  };
  ot::Result<FeedEnd> feed_end() const;

 private:
  // Whether the op at `version` is the one the dedupe index says.
  ot::Result<void> check_dedupe(const Document& document, const ot::ClientId& src, ot::Seq seq,
                                ot::Version version) const;

  // Adds the item under the cursor. REQUIRES: `items` ends with the item before it.
  ot::Result<void> add_feed_item(const LmdbItem& stored, std::uint64_t number,
                                 std::vector<FeedItem>& items) const;

  const LmdbStore& store_;
  const LmdbTxn& txn_;
};

}  // namespace segue::oplog
