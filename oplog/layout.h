// Keys and small values of the log's databases as bytes: spec/oplog_format.md, "Databases".
// Pure; decoding never trusts a byte.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "oplog/record.h"

namespace segue::oplog {

inline constexpr std::uint32_t log_format = 1;

std::string number_key(std::uint64_t number);  // docs, feed
// ops, checkpoints
std::string version_key(std::uint64_t number, ot::Version version);
std::string dedupe_key(std::uint64_t number, const ot::ClientId& src, ot::Seq seq);
// names. REQUIRES: check_name(doc).
std::string name_key(const ot::DocId& doc);

struct VersionKey {
  std::uint64_t number = 0;
  ot::Version version;
};
std::optional<std::uint64_t> parse_number(std::string_view bytes);  // a key, or a value of names
std::optional<VersionKey> parse_version_key(std::string_view key);
std::optional<ot::DocId> parse_name_key(std::string_view key);

// A value of docs.
struct Document {
  Place place;
  ot::Version first;  // where its chain begins; 0 unless it was trimmed
  Hash anchor{};      // the hash before the op at `first`
};
std::string encode_document(const Document& document);
ot::Result<Document> decode_document(std::string_view bytes, std::uint64_t number);

// A value of feed.
struct FeedRecord {
  std::uint64_t number = 0;  // of the document
  ot::Version version;
  std::array<std::uint8_t, 8> check{};  // the first bytes of the op's hash
  std::optional<Hash> running;          // with the last op of each commit
};
std::string encode_feed_record(const FeedRecord& record);
std::optional<FeedRecord> decode_feed_record(std::string_view bytes);
std::array<std::uint8_t, 8> feed_check(const Hash& op);

// The feed's running hash, over every op of every commit.
class RunningHash {
 public:
  RunningHash();  // of the empty feed
  explicit RunningHash(const Hash& value) : value_(value) {}

  void add(std::uint64_t feed_number, const VersionKey& op, const Hash& hash);
  // Ends a commit; returns the hash up to here.
  const Hash& commit();
  const Hash& value() const { return value_; }  // up to the newest commit
  bool mid_commit() const { return !pending_.empty(); }

 private:
  Hash value_;
  std::string pending_;
};

// A value of srcs.
std::string encode_src_author(const ot::ClientId& src, std::string_view author);
std::optional<std::string> decode_src_author(std::string_view bytes, const ot::ClientId& src);

std::string encode_checkpoint(const Checkpoint& checkpoint, std::uint64_t number);
// Errors: log_corrupt, naming the checkpoint as collection/id@version.
ot::Result<Checkpoint> decode_checkpoint(std::string_view bytes, const Place& place,
                                         ot::Version version);

}  // namespace segue::oplog
