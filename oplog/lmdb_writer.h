// LmdbWriter: appends batches, one transaction each. Keeps in memory what the next append needs,
// the heads above all, so that an op costs three writes and no read.
//
// Thread: one at a time. Ownership: the store outlives it.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "oplog/lmdb_view.h"
#include "oplog/salts.h"

namespace segue::oplog {

class LmdbWriter {
 public:
  LmdbWriter(LmdbStore& store, SaltSource salts) : store_(store), salts_(std::move(salts)) {}

  // As OpLog says.
  ot::Result<void> append(std::span<const Entry> entries);
  // `bytes`: as encode_checkpoint() makes them. Errors: as OpLog says.
  ot::Result<void> save_checkpoint(const Place& place, ot::Version version, std::string_view bytes);

 private:
  // Where the next op of a document goes.
  struct Tail {
    std::uint64_t number = 0;
    ot::Version next;
    std::int64_t time_ms = 0;  // of the newest op
    Hash hash{};               // of the newest op, or the first link
  };
  struct Appended {
    VersionKey op;
    Hash hash;
  };

  ot::Result<void> append_all(LmdbTxn& txn, std::span<const Entry> entries);
  ot::Result<void> append_one(LmdbTxn& txn, const Entry& entry);
  ot::Result<void> append_feed(LmdbTxn& txn);
  ot::Result<void> load_ends(const LmdbTxn& txn);
  ot::Result<Tail*> tail_of(LmdbTxn& txn, const ot::DocId& doc);
  ot::Result<Tail> create_document(LmdbTxn& txn, const ot::DocId& doc);
  void forget();

  LmdbStore& store_;
  SaltSource salts_;
  // As of the newest commit, or within append() of the transaction under way; after a failure all
  // of it is read anew.
  bool loaded_ = false;
  std::uint64_t last_document_ = 0;
  LmdbView::FeedEnd feed_;
  std::unordered_map<ot::DocId, Tail> tails_;
  std::vector<Appended> appended_;  // in the transaction under way
  std::string record_;              // its memory is used again
};

}  // namespace segue::oplog
