#include "oplog/verify.h"

#include <limits>
#include <string>
#include <unordered_map>

#include "oplog/bytes.h"

namespace segue::oplog {
namespace {

using ot::Errc;
using ot::Result;
using ot::Version;

constexpr std::uint64_t items_per_transaction = 1000;
constexpr std::size_t bytes_per_transaction = std::size_t{1} << 20;  // of a replay
constexpr std::uint64_t no_limit = std::numeric_limits<std::uint64_t>::max();

tl::unexpected<ot::Error> fail_corrupt(std::string detail) {
  return ot::fail(Errc::log_corrupt, std::move(detail));
}

// A document's ops as far as the feed was followed.
struct Chain {
  Place place;
  Version first;
  Version next;
  Hash hash{};  // of the op before `next`
  std::int64_t time_ms = std::numeric_limits<std::int64_t>::min();
};

class Verifier {
 public:
  Verifier(const LmdbStore& store, const VerifyOptions& options)
      : store_(store), options_(options) {}

  VerifyReport run() {
    if (auto checked = check_all(); !checked) {
      report_.fault = checked.error();
    }
    report_.documents = chains_.size();
    report_.running = running_.value();
    return report_;
  }

 private:
  Result<void> check_all();

  Result<void> check_checkpoints();
  Result<void> check_checkpoint(const LmdbTxn& txn, const LmdbItem& item);

  Result<void> check_feed(const LmdbTxn& txn, std::uint64_t limit);
  Result<void> check_feed_item(const LmdbTxn& txn, const LmdbItem& item);
  Result<Chain*> chain_of(const LmdbTxn& txn, std::uint64_t number);
  Result<Hash> check_op(const LmdbTxn& txn, Chain& chain);

  using ItemCheck = std::function<Result<void>(const LmdbItem&)>;
  Result<void> check_nothing_else(const LmdbTxn& txn);
  Result<void> check_srcs(const LmdbTxn& txn) const;
  Result<void> find_stray(const LmdbTxn& txn, MDB_dbi database, const ItemCheck& check) const;
  Result<void> check_document_item(const LmdbItem& item) const;
  Result<void> check_name_item(const LmdbTxn& txn, const LmdbItem& item) const;
  Result<void> check_op_item(const LmdbItem& item) const;
  Result<void> check_dedupe_item(const LmdbTxn& txn, const LmdbItem& item) const;

  Result<void> replay(const Chain& chain);
  Result<Version> replay_some(const Chain& chain, Version from);
  Result<void> replay_checkpoint(const LmdbTxn& txn, const Chain& chain, Version version);

  void report_progress() const {
    if (options_.progress) {
      options_.progress(report_.ops + replayed_, total_);
    }
  }

  const LmdbStore& store_;
  const VerifyOptions& options_;
  VerifyReport report_;
  std::unordered_map<std::uint64_t, Chain> chains_;
  RunningHash running_;
  std::uint64_t replayed_ = 0;
  std::uint64_t total_ = 0;
};

// What is there at the beginning is followed piece by piece; then, as of one moment, what came
// meanwhile, and that there is nothing else.
Result<void> Verifier::check_all() {
  if (auto checked = check_checkpoints(); !checked) {
    return checked;
  }
  for (bool last = false; !last; report_progress()) {
    const auto txn = store_.begin_read();
    const auto count = txn ? txn->count(store_.feed) : ot::fail(txn.error());
    if (!count) {
      return ot::fail(count.error());
    }
    total_ = total_ == 0 ? *count : total_;
    const std::uint64_t before = report_.ops;
    last = before + items_per_transaction >= total_;
    auto checked = check_feed(*txn, last ? no_limit : items_per_transaction);
    if (checked && report_.ops == before) {
      last = true;  // Fewer items than the store counts.
    }
    if (checked && last) {
      checked = check_nothing_else(*txn);
    }
    if (!checked) {
      return checked;
    }
  }
  if (options_.visitor == nullptr) {
    return {};
  }
  total_ = 2 * report_.ops;
  for (const auto& [number, chain] : chains_) {
    if (auto replayed = replay(chain); !replayed) {
      return replayed;
    }
  }
  return {};
}

Result<void> Verifier::check_checkpoints() {
  std::string next_key;
  while (true) {
    const auto txn = store_.begin_read();
    auto cursor = txn ? LmdbCursor::open(*txn, store_.checkpoints) : ot::fail(txn.error());
    if (!cursor) {
      return ot::fail(cursor.error());
    }
    auto item = next_key.empty() ? cursor->first() : cursor->at_least(next_key);
    for (std::uint64_t done = 0; item && *item && done < items_per_transaction; ++done) {
      if (auto checked = check_checkpoint(*txn, **item); !checked) {
        return checked;
      }
      ++report_.checkpoints;
      item = cursor->next();
    }
    if (!item) {
      return ot::fail(item.error());
    }
    if (!*item) {
      return {};
    }
    next_key = (*item)->key;
  }
}

Result<void> Verifier::check_checkpoint(const LmdbTxn& txn, const LmdbItem& item) {
  const auto key = parse_version_key(item.key);
  if (!key) {
    return fail_corrupt("the key of a checkpoint is not well-formed");
  }
  const auto document = LmdbView(store_, txn).document(key->number);
  if (!document) {
    return ot::fail(document.error());
  }
  const Place& place = document->place;
  if (const auto decoded = decode_checkpoint(item.value, place, key->version); !decoded) {
    return ot::fail(decoded.error());
  }
  const auto last_op = txn.get(store_.ops, version_key(place.number, {key->version.value - 1}));
  if (!last_op) {
    return ot::fail(last_op.error());
  }
  const bool at_first = key->version == document->first && key->version != Version{};
  if (!*last_op && !at_first) {
    return ot::fail(corrupt(place.doc, key->version, "the checkpoint is not of a version"));
  }
  return {};
}

// Follows the feed from where it was left, over at most `limit` items.
Result<void> Verifier::check_feed(const LmdbTxn& txn, std::uint64_t limit) {
  auto cursor = LmdbCursor::open(txn, store_.feed);
  if (!cursor) {
    return ot::fail(cursor.error());
  }
  auto item = cursor->at_least(number_key(report_.ops + 1));
  for (; item && *item && limit > 0; --limit) {
    if (auto checked = check_feed_item(txn, **item); !checked) {
      return checked;
    }
    item = cursor->next();
  }
  if (!item) {
    return ot::fail(item.error());
  }
  if (!*item && running_.mid_commit()) {
    return fail_corrupt("the feed ends within a commit, at item " + std::to_string(report_.ops));
  }
  return {};
}

Result<void> Verifier::check_feed_item(const LmdbTxn& txn, const LmdbItem& item) {
  const std::uint64_t number = report_.ops + 1;
  const std::string name = "feed item " + std::to_string(number);
  if (parse_number(item.key) != number) {
    return fail_corrupt(name + " is missing");
  }
  const auto record = decode_feed_record(item.value);
  if (!record) {
    return fail_corrupt(name + " is not well-formed");
  }
  const auto chain = chain_of(txn, record->number);
  if (!chain) {
    return ot::fail(chain.error());
  }
  if (record->version != (*chain)->next) {
    return fail_corrupt(name + " names version " + std::to_string(record->version.value) + " of " +
                        (*chain)->place.doc.str() + " where " +
                        std::to_string((*chain)->next.value) + " is next");
  }
  const auto hash = check_op(txn, **chain);
  if (!hash) {
    return ot::fail(hash.error());
  }
  if (record->check != feed_check(*hash)) {
    return fail_corrupt(name + " does not match the op that it names");
  }
  running_.add(number, {record->number, record->version}, *hash);
  if (record->running && *record->running != running_.commit()) {
    return fail_corrupt(name + ": the running hash does not match");
  }
  ++report_.ops;
  return {};
}

// The chain of a document, which begins with its first op in the feed.
Result<Chain*> Verifier::chain_of(const LmdbTxn& txn, std::uint64_t number) {
  if (const auto known = chains_.find(number); known != chains_.end()) {
    return &known->second;
  }
  const LmdbView view(store_, txn);
  const auto document = view.document(number);
  if (!document) {
    return ot::fail(document.error());
  }
  const auto by_name = view.find_document(document->place.doc);
  if (!by_name) {
    return ot::fail(by_name.error());
  }
  const std::string name = document->place.doc.str();
  if (!*by_name || (*by_name)->place != document->place) {
    return fail_corrupt(name + ": it is not found by its name");
  }
  if (document->first.value == 0 && document->anchor != first_link(document->place)) {
    return fail_corrupt(name + ": its first link is wrong");
  }
  const Chain chain{document->place, document->first, document->first, document->anchor};
  return &chains_.emplace(number, chain).first->second;
}

// Checks the next op of the chain, goes on past it and returns its hash.
Result<Hash> Verifier::check_op(const LmdbTxn& txn, Chain& chain) {
  const auto& [number, doc] = chain.place;
  const auto record = LmdbView(store_, txn).op(chain.place, chain.next);
  if (!record) {
    return ot::fail(record.error());
  }
  if (record->previous != chain.hash) {
    return ot::fail(corrupt(doc, chain.next, "the record does not follow the one before it"));
  }
  const Entry& entry = record->entry;
  if (entry.time_ms < chain.time_ms) {
    return ot::fail(corrupt(doc, chain.next, "the op is older than the one before it"));
  }
  const auto version = txn.get(store_.dedupe, dedupe_key(number, entry.src, entry.seq));
  if (!version) {
    return ot::fail(version.error());
  }
  if (!*version || parse_number(**version) != chain.next.value) {
    return ot::fail(corrupt(doc, chain.next, "the dedupe index does not lead to it"));
  }
  chain.hash = record->hash;
  chain.time_ms = entry.time_ms;
  ++chain.next;
  return chain.hash;
}

// Every op in the feed was found with all that belongs to it. If anything else were there, there
// would be more of something, so it suffices to look where the numbers differ.
Result<void> Verifier::check_nothing_else(const LmdbTxn& txn) {
  const auto checked_count = [&](MDB_dbi database, std::uint64_t expected, const ItemCheck& check) {
    const auto count = txn.count(database);
    if (!count) {
      return Result<void>(ot::fail(count.error()));
    }
    return *count == expected ? Result<void>{} : find_stray(txn, database, check);
  };
  const std::uint64_t documents = chains_.size();
  auto result = checked_count(store_.docs, documents,
                              [&](const LmdbItem& item) { return check_document_item(item); });
  if (result) {
    result = checked_count(store_.names, documents,
                           [&](const LmdbItem& item) { return check_name_item(txn, item); });
  }
  if (result) {
    result = checked_count(store_.ops, report_.ops,
                           [&](const LmdbItem& item) { return check_op_item(item); });
  }
  if (result) {
    result = checked_count(store_.dedupe, report_.ops,
                           [&](const LmdbItem& item) { return check_dedupe_item(txn, item); });
  }
  return result && store_.srcs ? check_srcs(txn) : result;
}

Result<void> Verifier::check_srcs(const LmdbTxn& txn) const {
  auto cursor = LmdbCursor::open(txn, *store_.srcs);
  if (!cursor) {
    return ot::fail(cursor.error());
  }
  auto item = cursor->first();
  for (; item && *item; item = cursor->next()) {
    if (!decode_src_author((*item)->value, ot::ClientId{std::string((*item)->key)})) {
      return fail_corrupt("the author of a src is not well-formed");
    }
  }
  return item ? Result<void>{} : ot::fail(item.error());
}

// The first item that fails the check; there is one, since there are more or fewer than belong.
Result<void> Verifier::find_stray(const LmdbTxn& txn, MDB_dbi database,
                                  const ItemCheck& check) const {
  auto cursor = LmdbCursor::open(txn, database);
  if (!cursor) {
    return ot::fail(cursor.error());
  }
  auto item = cursor->first();
  for (; item && *item; item = cursor->next()) {
    if (auto checked = check(**item); !checked) {
      return checked;
    }
  }
  return item ? fail_corrupt("the store counts its items wrongly") : ot::fail(item.error());
}

Result<void> Verifier::check_document_item(const LmdbItem& item) const {
  const auto number = parse_number(item.key);
  if (!number || !chains_.contains(*number)) {
    return fail_corrupt("document number " + std::to_string(number.value_or(0)) +
                        " has no op in the feed");
  }
  return {};
}

Result<void> Verifier::check_name_item(const LmdbTxn& txn, const LmdbItem& item) const {
  const auto doc = parse_name_key(item.key);
  if (!doc) {
    return fail_corrupt("a document's name is not well-formed");
  }
  const auto found = LmdbView(store_, txn).find_document(*doc);
  return found ? Result<void>{} : ot::fail(found.error());
}

Result<void> Verifier::check_op_item(const LmdbItem& item) const {
  const auto key = parse_version_key(item.key);
  const auto chain = key ? chains_.find(key->number) : chains_.end();
  if (chain == chains_.end()) {
    return fail_corrupt("a record belongs to no document in the feed");
  }
  if (key->version < chain->second.first || key->version >= chain->second.next) {
    return ot::fail(corrupt(chain->second.place.doc, key->version, "the op is not in the feed"));
  }
  return {};
}

Result<void> Verifier::check_dedupe_item(const LmdbTxn& txn, const LmdbItem& item) const {
  ByteReader key(item.key);
  const auto chain = chains_.find(key.number<std::uint64_t>());
  const auto version = parse_number(item.value);
  if (chain == chains_.end() || !version) {
    return fail_corrupt("an item of the dedupe index belongs to no document in the feed");
  }
  const Place& place = chain->second.place;
  const auto record = LmdbView(store_, txn).op(place, {*version});
  if (!record || item.key != dedupe_key(place.number, record->entry.src, record->entry.seq)) {
    return ot::fail(corrupt(place.doc, {*version}, "the dedupe index names another op"));
  }
  return {};
}

Result<void> Verifier::replay(const Chain& chain) {
  if (auto begun = options_.visitor->on_document(chain.place.doc); !begun) {
    return begun;
  }
  for (Version version = chain.first; version < chain.next;) {
    const auto reached = replay_some(chain, version);
    if (!reached) {
      return ot::fail(reached.error());
    }
    version = *reached;
    report_progress();
  }
  return {};
}

// Replays a piece of the document and returns the version it ends at.
Result<Version> Verifier::replay_some(const Chain& chain, Version from) {
  const auto txn = store_.begin_read();
  if (!txn) {
    return ot::fail(txn.error());
  }
  const auto entries =
      LmdbView(store_, *txn).ops(chain.place, from, chain.next, bytes_per_transaction);
  if (!entries) {
    return ot::fail(entries.error());
  }
  if (entries->empty()) {
    return ot::fail(corrupt(chain.place.doc, from, "the record is missing"));
  }
  for (const Entry& entry : *entries) {
    if (auto seen = options_.visitor->on_op(entry); !seen) {
      return ot::fail(seen.error());
    }
    if (auto seen = replay_checkpoint(*txn, chain, entry.version + 1); !seen) {
      return ot::fail(seen.error());
    }
    ++replayed_;
  }
  return entries->back().version + 1;
}

Result<void> Verifier::replay_checkpoint(const LmdbTxn& txn, const Chain& chain, Version version) {
  const auto value = txn.get(store_.checkpoints, version_key(chain.place.number, version));
  if (!value) {
    return ot::fail(value.error());
  }
  if (!*value) {
    return {};
  }
  const auto checkpoint = decode_checkpoint(**value, chain.place, version);
  return checkpoint ? options_.visitor->on_checkpoint(*checkpoint) : ot::fail(checkpoint.error());
}

}  // namespace

VerifyReport verify(const LmdbLog& log, const VerifyOptions& options) {
  return Verifier(log.store(), options).run();
}

}  // namespace segue::oplog
