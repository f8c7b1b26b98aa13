// One op as bytes on disk, hashed and chained to the op before it: spec/oplog_format.md, "Records".
// Pure; decoding never trusts a byte.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "oplog/op_log.h"
#include "oplog/sha256.h"

namespace segue::oplog {

using Salt = std::array<std::uint8_t, 16>;

// Random, fresh for each record: so that what was redacted cannot be guessed from its digest.
struct Salts {
  Salt contents{};
  Salt author{};

  bool operator==(const Salts&) const = default;
};

// Which document a record belongs to, by the number the log gave it.
struct Place {
  std::uint64_t number = 0;
  ot::DocId doc;

  bool operator==(const Place&) const = default;
};

struct Record {
  Entry entry;    // what was redacted is empty
  Hash previous;  // of the op before it; of the first op, the document's first link
  Hash hash;
  bool contents_redacted = false;  // payload, submitted and reason
  bool author_redacted = false;
};

// What the first op of a document is chained to.
Hash first_link(const Place& place);

// Replaces `out` by the record of `entry` and returns its hash. REQUIRES: check_storable(entry).
Hash encode_record(const Entry& entry, std::uint64_t number, const Hash& previous,
                   const Salts& salts, std::string& out);

// The record of the op at `version`, checked against its own hash.
// Errors: log_corrupt, naming the op as collection/id@version.
ot::Result<Record> decode_record(std::string_view bytes, const Place& place, ot::Version version);

// The hash as it stands in the record, unchecked. Empty if the bytes are too few.
std::string_view stored_hash(std::string_view bytes);

enum class Redaction : std::uint8_t { contents = 1, author = 2 };

// The record with a part of it replaced by its digest; the hash stays as it is. What is redacted
// already is returned as it is. REQUIRES: decode_record() accepts `bytes`.
std::string redact_record(std::string_view bytes, Redaction part);

// "collection/id@version: what", for everything that does not hash, parse or chain.
ot::Error corrupt(const ot::DocId& doc, ot::Version version, std::string_view what);

}  // namespace segue::oplog
