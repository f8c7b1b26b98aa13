#include "oplog/lmdb_writer.h"

namespace segue::oplog {
namespace {

using ot::Errc;
using ot::Result;
using ot::Version;

constexpr std::size_t tails_max = 100'000;  // about 30 MB

}  // namespace

Result<void> LmdbWriter::append(std::span<const Entry> entries) {
  if (entries.empty()) {
    return {};
  }
  if (tails_.size() > tails_max) {
    tails_.clear();
  }
  auto txn = store_.begin_write();
  if (!txn) {
    return ot::fail(txn.error());
  }
  appended_.clear();
  auto result = append_all(*txn, entries);
  if (result) {
    result = txn->commit();
  }
  if (!result) {
    forget();
  }
  return result;
}

Result<void> LmdbWriter::append_all(LmdbTxn& txn, std::span<const Entry> entries) {
  if (auto loaded = load_ends(txn); !loaded) {
    return loaded;
  }
  for (const Entry& entry : entries) {
    if (auto appended = append_one(txn, entry); !appended) {
      return appended;
    }
  }
  return append_feed(txn);
}

Result<void> LmdbWriter::append_one(LmdbTxn& txn, const Entry& entry) {
  if (auto storable = check_storable(entry); !storable) {
    return storable;
  }
  const auto found = tail_of(txn, entry.doc);
  if (!found) {
    return ot::fail(found.error());
  }
  Tail& tail = **found;
  if (entry.version != tail.next) {
    return ot::fail(Errc::log_conflict,
                    entry.doc.str() + " is not at version " + std::to_string(entry.version.value));
  }
  if (tail.next.value > 0 && entry.time_ms < tail.time_ms) {
    return ot::fail(Errc::op_badly_formed, "the op is older than the head of " + entry.doc.str());
  }
  const auto inserted = txn.insert(store_.dedupe, dedupe_key(tail.number, entry.src, entry.seq),
                                   number_key(entry.version.value));
  if (!inserted) {
    return ot::fail(inserted.error());
  }
  if (!*inserted) {
    return ot::fail(Errc::log_conflict, "seq " + std::to_string(entry.seq.value) + " of " +
                                            entry.src.value + " is already in " + entry.doc.str());
  }
  if (entry.author != anonymous) {
    const auto bound =
        txn.insert(*store_.srcs, entry.src.value, encode_src_author(entry.src, entry.author));
    if (!bound) {
      return ot::fail(bound.error());
    }
  }
  tail.hash = encode_record(entry, tail.number, tail.hash, salts_(), record_);
  tail.time_ms = entry.time_ms;
  ++tail.next;
  appended_.push_back({{tail.number, entry.version}, tail.hash});
  return txn.put(store_.ops, version_key(tail.number, entry.version), record_);
}

// One item for each op of this commit; the last one carries the running hash.
Result<void> LmdbWriter::append_feed(LmdbTxn& txn) {
  for (std::size_t i = 0; i < appended_.size(); ++i) {
    const auto& [op, hash] = appended_[i];
    feed_.running.add(++feed_.number, op, hash);
    FeedRecord record{op.number, op.version, feed_check(hash), std::nullopt};
    if (i + 1 == appended_.size()) {
      record.running = feed_.running.commit();
    }
    auto put = txn.append(store_.feed, number_key(feed_.number), encode_feed_record(record));
    if (!put) {
      return put;
    }
  }
  return {};
}

Result<void> LmdbWriter::load_ends(const LmdbTxn& txn) {
  if (loaded_) {
    return {};
  }
  const LmdbView view(store_, txn);
  const auto last = view.last_document();
  if (!last) {
    return ot::fail(last.error());
  }
  auto end = view.feed_end();
  if (!end) {
    return ot::fail(end.error());
  }
  last_document_ = *last;
  feed_ = std::move(*end);
  loaded_ = true;
  return {};
}

Result<LmdbWriter::Tail*> LmdbWriter::tail_of(LmdbTxn& txn, const ot::DocId& doc) {
  if (const auto known = tails_.find(doc); known != tails_.end()) {
    return &known->second;
  }
  const LmdbView view(store_, txn);
  const auto document = view.find_document(doc);
  if (!document) {
    return ot::fail(document.error());
  }
  if (!*document) {
    const auto created = create_document(txn, doc);
    if (!created) {
      return ot::fail(created.error());
    }
    return &tails_.emplace(doc, *created).first->second;
  }
  const auto newest = view.newest_op((*document)->place);
  if (!newest) {
    return ot::fail(newest.error());
  }
  const Tail tail{(*document)->place.number, newest->entry.version + 1, newest->entry.time_ms,
                  newest->hash};
  return &tails_.emplace(doc, tail).first->second;
}

Result<LmdbWriter::Tail> LmdbWriter::create_document(LmdbTxn& txn, const ot::DocId& doc) {
  const Place place{++last_document_, doc};
  const Document document{place, Version{0}, first_link(place)};
  if (auto put = txn.put(store_.names, name_key(doc), number_key(place.number)); !put) {
    return ot::fail(put.error());
  }
  if (auto put = txn.append(store_.docs, number_key(place.number), encode_document(document));
      !put) {
    return ot::fail(put.error());
  }
  return Tail{place.number, Version{0}, 0, document.anchor};
}

void LmdbWriter::forget() {
  loaded_ = false;
  tails_.clear();
}

Result<void> LmdbWriter::save_checkpoint(const Place& place, Version version,
                                         std::string_view bytes) {
  auto txn = store_.begin_write();
  if (!txn) {
    return ot::fail(txn.error());
  }
  const auto newest = LmdbView(store_, *txn).newest_op(place);
  if (!newest) {
    return ot::fail(newest.error());
  }
  if (version.value == 0 || version > newest->entry.version + 1) {
    return ot::fail(no_version(place.doc, version));
  }
  const auto put = txn->put(store_.checkpoints, version_key(place.number, version), bytes);
  return put ? txn->commit() : put;
}

}  // namespace segue::oplog
