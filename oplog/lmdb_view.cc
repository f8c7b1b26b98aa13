#include "oplog/lmdb_view.h"

#include <algorithm>
#include <limits>

#include "oplog/bytes.h"

namespace segue::oplog {
namespace {

using ot::Errc;
using ot::Result;
using ot::Version;

constexpr std::uint64_t number_max = std::numeric_limits<std::uint64_t>::max();

tl::unexpected<ot::Error> fail_corrupt(std::string detail) {
  return ot::fail(Errc::log_corrupt, std::move(detail));
}

}  // namespace

Result<std::optional<Document>> LmdbView::find_document(const ot::DocId& doc) const {
  if (!check_name(doc)) {
    return std::nullopt;  // Its key would not fit; append() refuses it.
  }
  const auto value = txn_.get(store_.names, name_key(doc));
  if (!value) {
    return ot::fail(value.error());
  }
  if (!*value) {
    return std::nullopt;
  }
  const auto number = parse_number(**value);
  if (!number) {
    return fail_corrupt(doc.str() + ": its number is not well-formed");
  }
  auto found = document(*number);
  if (!found) {
    return ot::fail(found.error());
  }
  if (found->place.doc != doc) {
    return fail_corrupt(doc.str() + ": its number belongs to " + found->place.doc.str());
  }
  return std::move(*found);
}

Result<Document> LmdbView::document(std::uint64_t number) const {
  const auto value = txn_.get(store_.docs, number_key(number));
  if (!value) {
    return ot::fail(value.error());
  }
  if (!*value) {
    return fail_corrupt("document number " + std::to_string(number) + " is missing");
  }
  return decode_document(**value, number);
}

Result<std::uint64_t> LmdbView::last_document() const {
  auto cursor = LmdbCursor::open(txn_, store_.docs);
  if (!cursor) {
    return ot::fail(cursor.error());
  }
  const auto last = cursor->last();
  if (!last) {
    return ot::fail(last.error());
  }
  if (!*last) {
    return std::uint64_t{0};
  }
  const auto number = parse_number((*last)->key);
  if (!number) {
    return fail_corrupt("a document's number is not well-formed");
  }
  return *number;
}

Result<Record> LmdbView::op(const Place& place, Version version) const {
  const auto value = txn_.get(store_.ops, version_key(place.number, version));
  if (!value) {
    return ot::fail(value.error());
  }
  if (!*value) {
    return ot::fail(corrupt(place.doc, version, "the record is missing"));
  }
  return decode_record(**value, place, version);
}

Result<Record> LmdbView::newest_op(const Place& place) const {
  auto cursor = LmdbCursor::open(txn_, store_.ops);
  if (!cursor) {
    return ot::fail(cursor.error());
  }
  const auto item = cursor->at_most(version_key(place.number, Version{number_max}));
  if (!item) {
    return ot::fail(item.error());
  }
  const auto key = *item ? parse_version_key((*item)->key) : std::nullopt;
  if (!key || key->number != place.number) {
    return fail_corrupt(place.doc.str() + ": it has no op");
  }
  return decode_record((*item)->value, place, key->version);
}

Result<std::vector<Entry>> LmdbView::ops(const Place& place, Version from, Version to,
                                         std::size_t bytes_max) const {
  std::vector<Entry> entries;
  if (from >= to) {
    return entries;
  }
  auto cursor = LmdbCursor::open(txn_, store_.ops);
  if (!cursor) {
    return ot::fail(cursor.error());
  }
  std::optional<Hash> previous;
  std::size_t bytes = 0;
  auto item = cursor->at_least(version_key(place.number, from));
  for (Version version = from; version < to && bytes < std::max<std::size_t>(bytes_max, 1);
       ++version, item = cursor->next()) {
    if (!item) {
      return ot::fail(item.error());
    }
    const auto key = *item ? parse_version_key((*item)->key) : std::nullopt;
    if (!key || key->number != place.number) {
      break;  // The head.
    }
    if (key->version != version) {
      return ot::fail(corrupt(place.doc, version, "the record is missing"));
    }
    auto record = decode_record((*item)->value, place, version);
    if (!record) {
      return ot::fail(record.error());
    }
    if (previous && record->previous != *previous) {
      return ot::fail(corrupt(place.doc, version, "the record does not follow the one before it"));
    }
    previous = record->hash;
    bytes += entry_bytes(record->entry);
    entries.push_back(std::move(record->entry));
  }
  return entries;
}

// Times never decrease within a document, so its records are searched by halves.
Result<Version> LmdbView::version_at(const Document& document, std::int64_t time_ms) const {
  const auto newest = newest_op(document.place);
  if (!newest) {
    return ot::fail(newest.error());
  }
  Version low = document.first;
  Version high = newest->entry.version + 1;
  while (low < high) {
    const Version middle = low + (high - low) / 2;
    const auto record = op(document.place, middle);
    if (!record) {
      return ot::fail(record.error());
    }
    if (record->entry.time_ms <= time_ms) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

Result<std::optional<Version>> LmdbView::find(const Document& document, const ot::ClientId& src,
                                              ot::Seq seq) const {
  if (src.value.size() > src_bytes_max) {
    return std::nullopt;
  }
  const auto value = txn_.get(store_.dedupe, dedupe_key(document.place.number, src, seq));
  if (!value) {
    return ot::fail(value.error());
  }
  if (!*value) {
    return std::nullopt;
  }
  const auto version = parse_number(**value);
  if (!version) {
    return fail_corrupt(document.place.doc.str() +
                        ": an item of the dedupe index is not "
                        "well-formed");
  }
  if (auto checked = check_dedupe(document, src, seq, Version{*version}); !checked) {
    return ot::fail(checked.error());
  }
  return Version{*version};
}

Result<std::optional<ot::Seq>> LmdbView::last_seq(const Document& document,
                                                  const ot::ClientId& src) const {
  if (src.value.size() > src_bytes_max) {
    return std::nullopt;
  }
  auto cursor = LmdbCursor::open(txn_, store_.dedupe);
  if (!cursor) {
    return ot::fail(cursor.error());
  }
  const std::string end = dedupe_key(document.place.number, src, ot::Seq{number_max});
  const auto item = cursor->at_most(end);
  if (!item) {
    return ot::fail(item.error());
  }
  const std::string_view prefix = std::string_view(end).substr(0, end.size() - 8);
  if (!*item || (*item)->key.size() != end.size() || !(*item)->key.starts_with(prefix)) {
    return std::nullopt;
  }
  const auto seq = parse_number((*item)->key.substr(prefix.size()));
  const auto version = parse_number((*item)->value);
  if (!seq || !version) {
    return fail_corrupt(document.place.doc.str() +
                        ": an item of the dedupe index is not "
                        "well-formed");
  }
  if (auto checked = check_dedupe(document, src, ot::Seq{*seq}, Version{*version}); !checked) {
    return ot::fail(checked.error());
  }
  return ot::Seq{*seq};
}

Result<std::optional<std::string>> LmdbView::src_author(const ot::ClientId& src) const {
  if (!store_.srcs || src.value.empty() || src.value.size() > src_bytes_max) {
    return std::nullopt;
  }
  const auto value = txn_.get(*store_.srcs, src.value);
  if (!value) {
    return ot::fail(value.error());
  }
  if (!*value) {
    return std::nullopt;
  }
  auto author = decode_src_author(**value, src);
  if (!author) {
    return fail_corrupt("the author of a src is not well-formed");
  }
  return author;
}

Result<void> LmdbView::check_dedupe(const Document& document, const ot::ClientId& src, ot::Seq seq,
                                    Version version) const {
  if (version < document.first) {
    return {};  // Trimmed; nothing is left to compare with.
  }
  const auto record = op(document.place, version);
  if (!record) {
    return ot::fail(record.error());
  }
  if (record->entry.src != src || record->entry.seq != seq) {
    return ot::fail(corrupt(document.place.doc, version, "the dedupe index names another op"));
  }
  return {};
}

Result<std::optional<Checkpoint>> LmdbView::checkpoint(const Place& place, Version version) const {
  auto cursor = LmdbCursor::open(txn_, store_.checkpoints);
  if (!cursor) {
    return ot::fail(cursor.error());
  }
  const auto item = cursor->at_most(version_key(place.number, version));
  if (!item) {
    return ot::fail(item.error());
  }
  const auto key = *item ? parse_version_key((*item)->key) : std::nullopt;
  if (!key || key->number != place.number) {
    return std::nullopt;
  }
  auto checkpoint = decode_checkpoint((*item)->value, place, key->version);
  if (!checkpoint) {
    return ot::fail(checkpoint.error());
  }
  return std::move(*checkpoint);
}

Result<std::vector<ot::DocId>> LmdbView::documents(const std::optional<ot::DocId>& after,
                                                   std::size_t limit) const {
  auto cursor = LmdbCursor::open(txn_, store_.names);
  if (!cursor) {
    return ot::fail(cursor.error());
  }
  // The least name after `after` is the same with a NUL, which no name ends with.
  auto item = after ? cursor->at_least(name_key(*after) + '\0') : cursor->first();
  std::vector<ot::DocId> docs;
  for (; docs.size() < limit; item = cursor->next()) {
    if (!item) {
      return ot::fail(item.error());
    }
    if (!*item) {
      break;
    }
    auto doc = parse_name_key((*item)->key);
    if (!doc) {
      return fail_corrupt("a document's name is not well-formed");
    }
    if (const auto found = find_document(*doc); !found) {
      return ot::fail(found.error());
    }
    docs.push_back(std::move(*doc));
  }
  return docs;
}

Result<std::vector<FeedItem>> LmdbView::feed(std::uint64_t after, std::size_t limit) const {
  std::vector<FeedItem> items;
  if (after == number_max) {
    return items;
  }
  auto cursor = LmdbCursor::open(txn_, store_.feed);
  if (!cursor) {
    return ot::fail(cursor.error());
  }
  auto item = cursor->at_least(number_key(after + 1));
  for (; items.size() < limit; item = cursor->next()) {
    if (!item) {
      return ot::fail(item.error());
    }
    if (!*item) {
      break;
    }
    if (auto added = add_feed_item(**item, after + 1 + items.size(), items); !added) {
      return ot::fail(added.error());
    }
  }
  return items;
}

Result<void> LmdbView::add_feed_item(const LmdbItem& stored, std::uint64_t number,
                                     std::vector<FeedItem>& items) const {
  const std::string name = "feed item " + std::to_string(number);
  if (parse_number(stored.key) != number) {
    return fail_corrupt(name + " is missing");
  }
  const auto record = decode_feed_record(stored.value);
  if (!record) {
    return fail_corrupt(name + " is not well-formed");
  }
  const auto op = txn_.get(store_.ops, version_key(record->number, record->version));
  if (!op) {
    return ot::fail(op.error());
  }
  if (!*op || !stored_hash(**op).starts_with(view(record->check))) {
    return fail_corrupt(name + " does not match the op that it names");
  }
  const auto found = document(record->number);
  if (!found) {
    return ot::fail(found.error());
  }
  items.push_back({number, found->place.doc, record->version});
  return {};
}

Result<LmdbView::FeedEnd> LmdbView::feed_end() const {
  auto cursor = LmdbCursor::open(txn_, store_.feed);
  if (!cursor) {
    return ot::fail(cursor.error());
  }
  const auto item = cursor->last();
  if (!item) {
    return ot::fail(item.error());
  }
  if (!*item) {
    return FeedEnd{};
  }
  const auto number = parse_number((*item)->key);
  const auto record = decode_feed_record((*item)->value);
  if (!number || !record || !record->running) {
    return fail_corrupt("the newest item of the feed is not well-formed");
  }
  return FeedEnd{*number, RunningHash(*record->running)};
}

}  // namespace segue::oplog
