// Bytes from disk: records, documents, feed items, checkpoints and keys. Arbitrary bytes are
// refused or read, never more; what was encoded is read back; and any change to it is seen.
//
// Input: arbitrary bytes, which are also cut into the fields of what is encoded.
#include "oplog/record.h"

#include <algorithm>

#include "oplog/bytes.h"
#include "oplog/layout.h"
#include "tests/fuzz/fuzz.h"

using namespace segue;
using namespace segue::fuzz;

namespace {

const oplog::Place place{7, {"plans", "p1"}};

void check_corrupt(const auto& decoded, std::string_view guarantee) {
  expect(!decoded && decoded.error().code == ot::Errc::log_corrupt, guarantee);
}

void read_arbitrary(std::string_view bytes) {
  (void)oplog::decode_record(bytes, place, {3});
  (void)oplog::decode_document(bytes, place.number);
  (void)oplog::decode_checkpoint(bytes, place, {3});
  (void)oplog::stored_hash(bytes);
  if (const auto feed = oplog::decode_feed_record(bytes)) {
    expect(oplog::encode_feed_record(*feed) == bytes, "a feed item is encoded as it was");
  }
  if (const auto number = oplog::parse_number(bytes)) {
    expect(oplog::number_key(*number) == bytes, "a number is encoded as it was");
  }
  if (const auto key = oplog::parse_version_key(bytes)) {
    expect(oplog::version_key(key->number, key->version) == bytes, "a key is encoded as it was");
  }
  if (const auto doc = oplog::parse_name_key(bytes)) {
    expect(oplog::name_key(*doc) == bytes, "a name is encoded as it was");
  }
}

// One byte changed, and one cut off or put on.
std::string damaged(const std::string& bytes, std::size_t where, std::uint8_t change) {
  std::string other = bytes;
  if (where % 16 == 0) {
    other.pop_back();
  } else if (where % 16 == 1) {
    other.push_back(static_cast<char>(change));
  } else {
    char& byte = other[where % other.size()];
    byte = static_cast<char>(byte ^ (change == 0 ? 1 : change));
  }
  return other;
}

oplog::Entry entry_of(oplog::ByteReader& reader) {
  oplog::Entry entry;
  entry.doc = place.doc;
  entry.version.value = reader.number<std::uint8_t>();
  entry.kind = static_cast<oplog::OpKind>(1 + reader.number<std::uint8_t>() % 4);
  entry.seq.value = reader.number<std::uint64_t>();
  entry.time_ms = static_cast<std::int64_t>(reader.number<std::uint64_t>());
  entry.src.value = "s" + std::string(reader.sized<std::uint8_t>()).substr(0, 127);
  entry.type = std::string(reader.sized<std::uint8_t>());
  entry.payload = std::string(reader.sized<std::uint8_t>());
  entry.submitted = std::string(reader.sized<std::uint8_t>());
  entry.reason = std::string(reader.sized<std::uint8_t>());
  entry.author = std::string(reader.sized<std::uint8_t>());
  return entry;
}

void check_redacted(const std::string& bytes, const oplog::Entry& entry, oplog::Redaction part) {
  const std::string redacted = oplog::redact_record(bytes, part);
  const auto record = oplog::decode_record(redacted, place, entry.version);
  expect(record.has_value(), "a redacted record keeps its hash");
  const bool of_author = part == oplog::Redaction::author;
  expect(record->author_redacted == of_author && record->contents_redacted != of_author,
         "what was redacted is told");
  expect((of_author ? record->entry.author : record->entry.payload).empty(), "and is gone");
  expect(oplog::redact_record(redacted, part) == redacted, "twice is as good as once");
}

void check_record(oplog::ByteReader& reader) {
  const oplog::Entry entry = entry_of(reader);
  const oplog::Hash previous = reader.array<sizeof(oplog::Hash)>();
  const oplog::Salts salts{reader.array<sizeof(oplog::Salt)>(),
                           reader.array<sizeof(oplog::Salt)>()};
  const auto where = reader.number<std::uint16_t>();
  const auto change = reader.number<std::uint8_t>();
  expect(oplog::check_storable(entry).has_value(), "the entry is within all lengths");
  std::string bytes;
  const oplog::Hash hash = oplog::encode_record(entry, place.number, previous, salts, bytes);
  const auto record = oplog::decode_record(bytes, place, entry.version);
  expect(record && record->entry == entry, "a record is read as it was written");
  expect(record->hash == hash && record->previous == previous, "with its links");
  expect(oplog::stored_hash(bytes) == oplog::view(hash), "its hash stands where it is looked for");
  check_corrupt(oplog::decode_record(damaged(bytes, where, change), place, entry.version),
                "a changed record is refused");
  check_corrupt(oplog::decode_record(bytes, place, entry.version + 1), "so is one out of place");
  check_redacted(bytes, entry, oplog::Redaction::contents);
  check_redacted(bytes, entry, oplog::Redaction::author);
}

void check_values(oplog::ByteReader& reader) {
  oplog::Document document{place, {reader.number<std::uint64_t>()}, reader.array<32>()};
  const oplog::Checkpoint checkpoint{place.doc,
                                     {reader.number<std::uint64_t>()},
                                     std::string(reader.sized<std::uint8_t>()),
                                     std::string(reader.sized<std::uint16_t>())};
  const auto where = reader.number<std::uint16_t>();
  const auto change = reader.number<std::uint8_t>();
  const std::string document_bytes = oplog::encode_document(document);
  const auto read = oplog::decode_document(document_bytes, place.number);
  expect(read && read->place == place && read->first == document.first &&
             read->anchor == document.anchor,
         "a document is read as it was written");
  check_corrupt(oplog::decode_document(damaged(document_bytes, where, change), place.number),
                "a changed document is refused");
  const std::string bytes = oplog::encode_checkpoint(checkpoint, place.number);
  const auto back = oplog::decode_checkpoint(bytes, place, checkpoint.version);
  expect(back && *back == checkpoint, "a checkpoint is read as it was written");
  check_corrupt(oplog::decode_checkpoint(damaged(bytes, where, change), place, checkpoint.version),
                "a changed checkpoint is refused");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes = text_of(data, size);
  read_arbitrary(bytes);
  oplog::ByteReader record(bytes);
  check_record(record);
  oplog::ByteReader values(bytes);
  check_values(values);
  return 0;
}
