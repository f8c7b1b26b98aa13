#include "oplog/record.h"

#include "oplog/bytes.h"
#include "ot/assert.h"

namespace segue::oplog {
namespace {

using ot::Errc;
using ot::Result;

constexpr std::uint8_t format_version = 1;
constexpr std::uint8_t codec_plain = 0;
constexpr std::size_t hash_at = 4;
constexpr std::size_t header_at = hash_at + 2 * sizeof(Hash);  // from seq on

// The record cut into its parts; views into its bytes.
struct Parts {
  std::uint8_t format = 0;
  std::uint8_t codec = 0;
  std::uint8_t flags = 0;
  std::uint8_t kind = 0;
  Hash hash{};
  Hash previous{};
  std::string_view header;    // seq, time, src, type
  std::string_view contents;  // salt, payload, submitted, reason; or their digest
  std::string_view author;    // salt, author; or their digest
  bool well_formed = false;
};

bool is_set(std::uint8_t flags, Redaction part) {
  return (flags & static_cast<std::uint8_t>(part)) != 0;
}

Parts cut(std::string_view bytes) {
  ByteReader reader(bytes);
  Parts parts;
  const auto since = [&](std::string_view start) {
    return start.substr(0, start.size() - reader.rest().size());
  };
  parts.format = reader.number<std::uint8_t>();
  parts.codec = reader.number<std::uint8_t>();
  parts.flags = reader.number<std::uint8_t>();
  parts.kind = reader.number<std::uint8_t>();
  parts.hash = reader.array<sizeof(Hash)>();
  parts.previous = reader.array<sizeof(Hash)>();
  std::string_view start = reader.rest();
  reader.take(2 * sizeof(std::uint64_t));
  reader.sized<std::uint8_t>();
  reader.sized<std::uint8_t>();
  parts.header = since(start);

  start = reader.rest();
  if (is_set(parts.flags, Redaction::contents)) {
    reader.take(sizeof(Hash));
  } else {
    reader.take(sizeof(Salt));
    reader.sized<std::uint32_t>();
    reader.sized<std::uint32_t>();
    reader.sized<std::uint32_t>();
  }
  parts.contents = since(start);

  start = reader.rest();
  if (is_set(parts.flags, Redaction::author)) {
    reader.take(sizeof(Hash));
  } else {
    reader.take(sizeof(Salt));
    reader.sized<std::uint16_t>();
  }
  parts.author = since(start);
  parts.well_formed = reader.ok_and_done();
  return parts;
}

Hash digest_of(std::string_view section, bool redacted) {
  return redacted ? ByteReader(section).array<sizeof(Hash)>() : sha256({section});
}

Hash hash_of(const Parts& parts, std::uint64_t number, ot::Version version) {
  std::string position;
  put(position, parts.format);
  put(position, parts.kind);
  put(position, number);
  put(position, version.value);
  const Hash contents = digest_of(parts.contents, is_set(parts.flags, Redaction::contents));
  const Hash author = digest_of(parts.author, is_set(parts.flags, Redaction::author));
  return sha256({view(parts.previous), position, parts.header, view(contents), view(author)});
}

void read_header(std::string_view header, Entry& entry) {
  ByteReader reader(header);
  entry.seq = ot::Seq{reader.number<std::uint64_t>()};
  entry.time_ms = static_cast<std::int64_t>(reader.number<std::uint64_t>());
  entry.src.value = reader.sized<std::uint8_t>();
  entry.type = reader.sized<std::uint8_t>();
}

void read_contents(std::string_view contents, Entry& entry) {
  ByteReader reader(contents);
  reader.take(sizeof(Salt));
  entry.payload = reader.sized<std::uint32_t>();
  entry.submitted = reader.sized<std::uint32_t>();
  entry.reason = reader.sized<std::uint32_t>();
}

void read_author(std::string_view author, Entry& entry) {
  ByteReader reader(author);
  reader.take(sizeof(Salt));
  entry.author = reader.sized<std::uint16_t>();
}

}  // namespace

Hash first_link(const Place& place) {
  std::string bytes = "segue chain 1";
  put(bytes, place.number);
  put_sized<std::uint8_t>(bytes, place.doc.collection);
  put_sized<std::uint8_t>(bytes, place.doc.id);
  return sha256({bytes});
}

Hash encode_record(const Entry& entry, std::uint64_t number, const Hash& previous,
                   const Salts& salts, std::string& out) {
  Parts parts{.format = format_version,
              .kind = static_cast<std::uint8_t>(entry.kind),
              .previous = previous,
              .header = {},
              .contents = {},
              .author = {}};
  out.clear();
  put(out, parts.format);
  put(out, codec_plain);
  put(out, parts.flags);
  put(out, parts.kind);
  put(out, parts.hash);  // Its place; it is known at the end.
  put(out, previous);
  put(out, entry.seq.value);
  put(out, static_cast<std::uint64_t>(entry.time_ms));
  put_sized<std::uint8_t>(out, entry.src.value);
  put_sized<std::uint8_t>(out, entry.type);
  const std::size_t contents_at = out.size();
  put(out, salts.contents);
  put_sized<std::uint32_t>(out, entry.payload);
  put_sized<std::uint32_t>(out, entry.submitted);
  put_sized<std::uint32_t>(out, entry.reason);
  const std::size_t author_at = out.size();
  put(out, salts.author);
  put_sized<std::uint16_t>(out, entry.author);

  const std::string_view bytes = out;
  parts.header = bytes.substr(header_at, contents_at - header_at);
  parts.contents = bytes.substr(contents_at, author_at - contents_at);
  parts.author = bytes.substr(author_at);
  const Hash hash = hash_of(parts, number, entry.version);
  out.replace(hash_at, sizeof(Hash), view(hash));
  return hash;
}

Result<Record> decode_record(std::string_view bytes, const Place& place, ot::Version version) {
  const auto refuse = [&](std::string_view what) {
    return ot::fail(corrupt(place.doc, version, what));
  };
  if (bytes.size() >= 2 && (bytes[0] != format_version || bytes[1] != codec_plain)) {
    return refuse("the record's format or codec is unknown");
  }
  const Parts parts = cut(bytes);
  constexpr std::uint8_t flags_known =
      static_cast<std::uint8_t>(Redaction::contents) | static_cast<std::uint8_t>(Redaction::author);
  if (!parts.well_formed || (parts.flags & ~flags_known) != 0) {
    return refuse("the record is not well-formed");
  }
  if (hash_of(parts, place.number, version) != parts.hash) {
    return refuse("the record does not match its hash");
  }
  if (parts.kind < static_cast<std::uint8_t>(OpKind::create) ||
      parts.kind > static_cast<std::uint8_t>(OpKind::noop)) {
    return refuse("the record's kind is unknown");
  }
  Record record;
  record.entry.doc = place.doc;
  record.entry.version = version;
  record.entry.kind = static_cast<OpKind>(parts.kind);
  record.previous = parts.previous;
  record.hash = parts.hash;
  record.contents_redacted = is_set(parts.flags, Redaction::contents);
  record.author_redacted = is_set(parts.flags, Redaction::author);
  read_header(parts.header, record.entry);
  if (!record.contents_redacted) {
    read_contents(parts.contents, record.entry);
  }
  if (!record.author_redacted) {
    read_author(parts.author, record.entry);
  }
  return record;
}

std::string_view stored_hash(std::string_view bytes) {
  return bytes.size() < header_at ? std::string_view{} : bytes.substr(hash_at, sizeof(Hash));
}

std::string redact_record(std::string_view bytes, Redaction part) {
  const Parts parts = cut(bytes);
  OT_ASSERT(parts.well_formed);
  if (is_set(parts.flags, part)) {
    return std::string(bytes);
  }
  const bool of_contents = part == Redaction::contents;
  const Hash digest = sha256({of_contents ? parts.contents : parts.author});
  std::string redacted;
  put(redacted, parts.format);
  put(redacted, parts.codec);
  put(redacted, static_cast<std::uint8_t>(parts.flags | static_cast<std::uint8_t>(part)));
  put(redacted, parts.kind);
  put(redacted, parts.hash);
  put(redacted, parts.previous);
  redacted += parts.header;
  redacted += of_contents ? view(digest) : parts.contents;
  redacted += of_contents ? parts.author : view(digest);
  return redacted;
}

ot::Error corrupt(const ot::DocId& doc, ot::Version version, std::string_view what) {
  return {Errc::log_corrupt,
          doc.str() + '@' + std::to_string(version.value) + ": " + std::string(what)};
}

}  // namespace segue::oplog
