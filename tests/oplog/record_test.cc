#include "oplog/record.h"

#include <fstream>
#include <string>

#include <doctest/doctest.h>

#include "tests/support/entries.h"

using namespace segue;
using namespace segue::test;
using oplog::Redaction;

namespace {

const oplog::Place place{3, plans};

oplog::Hash hash_full_of(std::uint8_t byte) {
  oplog::Hash hash;
  hash.fill(byte);
  return hash;
}

oplog::Salts fixed_salts() {
  oplog::Salts salts;
  salts.contents.fill(0xc0);
  salts.author.fill(0xd0);
  return salts;
}

// The op of the worked example in spec/oplog_format.md.
oplog::Entry example() {
  oplog::Entry entry;
  entry.doc = plans;
  entry.version = ot::Version{7};
  entry.kind = oplog::OpKind::edit;
  entry.src = ot::ClientId{"ab12"};
  entry.seq = ot::Seq{5};
  entry.time_ms = 1735689600000;
  entry.author = "Ann";
  entry.payload = R"([{"p":["x",3],"li":1}])";
  entry.submitted = R"([{"p":["x",2],"li":1}])";
  entry.reason = "sync";
  return entry;
}

std::string encode(const oplog::Entry& entry) {
  std::string bytes;
  oplog::encode_record(entry, place.number, hash_full_of(0xaa), fixed_salts(), bytes);
  return bytes;
}

ot::Result<oplog::Record> decode(std::string_view bytes, const oplog::Place& at = place) {
  return oplog::decode_record(bytes, at, ot::Version{7});
}

std::string to_hex(std::string_view bytes) {
  std::string hex;
  for (const char byte : bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    hex += digits[static_cast<std::uint8_t>(byte) / 16];
    hex += digits[static_cast<std::uint8_t>(byte) % 16];
  }
  return hex;
}

// The hex digits of the fenced block in the spec; what follows a ';' explains.
std::string example_in_spec() {
  std::ifstream file(SEGUE_SOURCE_DIR "/spec/oplog_format.md");
  std::string hex;
  bool inside = false;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("```")) {
      inside = line == "```hex";
    } else if (inside) {
      line = line.substr(0, line.find(';'));
      std::erase(line, ' ');
      hex += line;
    }
  }
  return hex;
}

}  // namespace

TEST_CASE("record: the worked example of the spec is what is written") {
  CHECK(to_hex(encode(example())) == example_in_spec());
}

TEST_CASE("record: what is encoded is decoded whole") {
  for (const auto kind :
       {oplog::OpKind::create, oplog::OpKind::edit, oplog::OpKind::remove, oplog::OpKind::noop}) {
    oplog::Entry entry = example();
    entry.kind = kind;
    entry.type = "a type";
    entry.time_ms = -1;
    entry.payload = std::string(70000, '\0');
    entry.src.value = std::string(128, '\xff');
    const auto record = decode(encode(entry));
    REQUIRE(record.has_value());
    CHECK(record->entry == entry);
    CHECK(record->previous == hash_full_of(0xaa));
    CHECK_FALSE(record->contents_redacted);
    CHECK_FALSE(record->author_redacted);
  }
}

TEST_CASE("record: cut short anywhere, it is corrupt, and the error names the op") {
  const std::string bytes = encode(example());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const auto record = decode(std::string_view(bytes).substr(0, size));
    REQUIRE_FALSE(record.has_value());
    CHECK(record.error().code == ot::Errc::log_corrupt);
    CHECK(record.error().detail.starts_with("plans/p1@7: "));
  }
  CHECK_FALSE(decode(bytes + '\0').has_value());
}

TEST_CASE("record: with any one bit flipped it is corrupt, redacted or not") {
  const std::string plain = encode(example());
  const std::string half = oplog::redact_record(plain, Redaction::author);
  for (const auto& intact : {plain, half, oplog::redact_record(half, Redaction::contents)}) {
    REQUIRE(decode(intact).has_value());
    for (std::size_t bit = 0; bit < 8 * intact.size(); ++bit) {
      std::string bytes = intact;
      bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << bit % 8));
      CHECK_FALSE(decode(bytes).has_value());
    }
  }
}

TEST_CASE("record: in the place of another op it is corrupt") {
  const std::string bytes = encode(example());
  CHECK_FALSE(oplog::decode_record(bytes, place, ot::Version{8}).has_value());
  CHECK_FALSE(decode(bytes, {4, plans}).has_value());
}

TEST_CASE("record: redacted contents are gone and the hash still verifies") {
  const std::string bytes = encode(example());
  const std::string redacted = oplog::redact_record(bytes, Redaction::contents);
  CHECK(redacted.find("\"li\"") == std::string::npos);
  CHECK(redacted.find("\xc0\xc0") == std::string::npos);
  const auto record = decode(redacted);
  REQUIRE(record.has_value());
  CHECK(record->contents_redacted);
  CHECK(record->hash == decode(bytes)->hash);
  CHECK(record->entry.payload.empty());
  CHECK(record->entry.submitted.empty());
  CHECK(record->entry.reason.empty());
  CHECK(record->entry.author == "Ann");
}

TEST_CASE("record: a redacted author is gone and the hash still verifies") {
  const std::string bytes = encode(example());
  const std::string redacted = oplog::redact_record(bytes, Redaction::author);
  CHECK(redacted.find("Ann") == std::string::npos);
  CHECK(redacted.find("\xd0\xd0") == std::string::npos);
  const auto record = decode(redacted);
  REQUIRE(record.has_value());
  CHECK(record->author_redacted);
  CHECK(record->hash == decode(bytes)->hash);
  CHECK(record->entry.author.empty());
  CHECK(record->entry.payload == example().payload);
  CHECK(oplog::redact_record(redacted, Redaction::author) == redacted);
}

TEST_CASE("record: the first link differs by number, collection and id") {
  const auto link = oplog::first_link({1, {"ab", "c"}});
  CHECK(link != oplog::first_link({2, {"ab", "c"}}));
  CHECK(link != oplog::first_link({1, {"a", "bc"}}));
  CHECK(link == oplog::first_link({1, {"ab", "c"}}));
}
