#include "oplog/layout.h"

#include <algorithm>

#include "oplog/bytes.h"

namespace segue::oplog {
namespace {

using ot::Errc;
using ot::Result;

constexpr std::uint8_t value_format = 1;
constexpr std::uint8_t codec_plain = 0;

Hash document_hash(std::uint64_t number, std::string_view body) {
  return sha256({"segue document 1", number_key(number), body});
}

Hash checkpoint_hash(std::uint64_t number, ot::Version version, std::string_view body) {
  return sha256({"segue checkpoint 1", version_key(number, version), body});
}

Hash src_hash(const ot::ClientId& src, std::string_view author) {
  return sha256({"segue src 1", number_key(src.value.size()), src.value, author});
}

}  // namespace

std::string number_key(std::uint64_t number) {
  std::string key;
  put(key, number);
  return key;
}

std::string version_key(std::uint64_t number, ot::Version version) {
  std::string key;
  put(key, number);
  put(key, version.value);
  return key;
}

std::string dedupe_key(std::uint64_t number, const ot::ClientId& src, ot::Seq seq) {
  std::string key;
  key.reserve(2 * sizeof(std::uint64_t) + 1 + src.value.size());
  put(key, number);
  put_sized<std::uint8_t>(key, src.value);
  put(key, seq.value);
  return key;
}

std::string name_key(const ot::DocId& doc) {
  std::string key = doc.collection;
  key += '\0';
  key += doc.id;
  return key;
}

std::optional<std::uint64_t> parse_number(std::string_view bytes) {
  ByteReader reader(bytes);
  const auto number = reader.number<std::uint64_t>();
  return reader.ok_and_done() ? std::optional(number) : std::nullopt;
}

std::optional<VersionKey> parse_version_key(std::string_view key) {
  ByteReader reader(key);
  VersionKey result;
  result.number = reader.number<std::uint64_t>();
  result.version.value = reader.number<std::uint64_t>();
  return reader.ok_and_done() ? std::optional(result) : std::nullopt;
}

std::optional<ot::DocId> parse_name_key(std::string_view key) {
  const std::size_t end = key.find('\0');
  if (end == std::string_view::npos) {
    return std::nullopt;
  }
  ot::DocId doc{std::string(key.substr(0, end)), std::string(key.substr(end + 1))};
  return check_name(doc) ? std::optional(std::move(doc)) : std::nullopt;
}

std::string encode_document(const Document& document) {
  std::string body;
  put(body, document.first.value);
  put(body, document.anchor);
  put_sized<std::uint8_t>(body, document.place.doc.collection);
  put_sized<std::uint8_t>(body, document.place.doc.id);
  std::string value;
  put(value, value_format);
  put(value, document_hash(document.place.number, body));
  return value + body;
}

Result<Document> decode_document(std::string_view bytes, std::uint64_t number) {
  ByteReader reader(bytes);
  const auto format = reader.number<std::uint8_t>();
  const Hash hash = reader.array<sizeof(Hash)>();
  const std::string_view body = reader.rest();
  Document document;
  document.place.number = number;
  document.first.value = reader.number<std::uint64_t>();
  document.anchor = reader.array<sizeof(Hash)>();
  document.place.doc.collection = reader.sized<std::uint8_t>();
  document.place.doc.id = reader.sized<std::uint8_t>();
  if (format != value_format || !reader.ok_and_done() || hash != document_hash(number, body)) {
    return ot::fail(Errc::log_corrupt, "document number " + std::to_string(number) +
                                           ": its record does not match its hash");
  }
  return document;
}

std::string encode_feed_record(const FeedRecord& record) {
  std::string value = version_key(record.number, record.version);
  put(value, record.check);
  if (record.running) {
    put(value, *record.running);
  }
  return value;
}

std::optional<FeedRecord> decode_feed_record(std::string_view bytes) {
  ByteReader reader(bytes);
  FeedRecord record;
  record.number = reader.number<std::uint64_t>();
  record.version.value = reader.number<std::uint64_t>();
  record.check = reader.array<sizeof(record.check)>();
  if (!reader.rest().empty()) {
    record.running = reader.array<sizeof(Hash)>();
  }
  return reader.ok_and_done() ? std::optional(record) : std::nullopt;
}

std::array<std::uint8_t, 8> feed_check(const Hash& op) {
  std::array<std::uint8_t, 8> check{};
  std::copy_n(op.begin(), check.size(), check.begin());
  return check;
}

RunningHash::RunningHash() : value_(sha256({"segue feed 1"})) {}

void RunningHash::add(std::uint64_t feed_number, const VersionKey& op, const Hash& hash) {
  put(pending_, feed_number);
  put(pending_, op.number);
  put(pending_, op.version.value);
  put(pending_, hash);
}

const Hash& RunningHash::commit() {
  value_ = sha256({view(value_), pending_});
  pending_.clear();
  return value_;
}

std::string encode_src_author(const ot::ClientId& src, std::string_view author) {
  std::string bytes;
  put(bytes, value_format);
  put(bytes, src_hash(src, author));
  bytes += author;
  return bytes;
}

std::optional<std::string> decode_src_author(std::string_view bytes, const ot::ClientId& src) {
  ByteReader reader(bytes);
  const auto format = reader.number<std::uint8_t>();
  const Hash hash = reader.array<std::tuple_size_v<Hash>>();
  const std::string_view author = bytes.substr(std::min(bytes.size(), 1 + hash.size()));
  if (format != value_format || hash != src_hash(src, author)) {
    return std::nullopt;
  }
  return std::string(author);
}

std::string encode_checkpoint(const Checkpoint& checkpoint, std::uint64_t number) {
  std::string body;
  put_sized<std::uint8_t>(body, checkpoint.type);
  put_sized<std::uint32_t>(body, checkpoint.data);
  std::string value;
  put(value, value_format);
  put(value, codec_plain);
  put(value, checkpoint_hash(number, checkpoint.version, body));
  return value + body;
}

Result<Checkpoint> decode_checkpoint(std::string_view bytes, const Place& place,
                                     ot::Version version) {
  ByteReader reader(bytes);
  const auto format = reader.number<std::uint8_t>();
  const auto codec = reader.number<std::uint8_t>();
  const Hash hash = reader.array<sizeof(Hash)>();
  const std::string_view body = reader.rest();
  Checkpoint checkpoint{place.doc, version, {}, {}};
  checkpoint.type = reader.sized<std::uint8_t>();
  checkpoint.data = reader.sized<std::uint32_t>();
  if (format != value_format || codec != codec_plain || !reader.ok_and_done() ||
      hash != checkpoint_hash(place.number, version, body)) {
    return ot::fail(corrupt(place.doc, version, "the checkpoint does not match its hash"));
  }
  return checkpoint;
}

}  // namespace segue::oplog
