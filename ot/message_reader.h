// How requests are read. Private to message.cc and message_live.cc.
#pragma once

#include <cmath>
#include <string>
#include <string_view>

#include "ot/message.h"

namespace segue::ot {

inline constexpr double integer_max = 9007199254740991.0;  // 2^53 - 1
inline constexpr std::string_view bad_collection = "Invalid collection";

inline tl::unexpected<Error> badly_formed(std::string_view message) {
  return fail(Errc::message_badly_formed, std::string(message));
}
inline tl::unexpected<Error> op_badly_formed(std::string_view message) {
  return fail(Errc::op_badly_formed, std::string(message));
}

inline bool is_absent(JsonView value) { return !value || value.is_null(); }

inline bool is_count(JsonView value) {
  return value.is_number() && value.number() >= 0 && value.number() <= integer_max &&
         value.number() == std::floor(value.number());
}

// One request being read. Each read_* answers the field or the error of ShareDB's that its absence
// or form earns.
class MessageReader {
 public:
  MessageReader(const JsonPart& request, TypeLookup find_type, const MessageLimits& limits)
      : request_(request), find_type_(find_type), limits_(limits) {}

  Result<Message> read();

 private:
  Result<Message> read_doc_message(std::string_view action);
  Result<Message> read_snapshot_message(std::string_view action);
  Result<Message> read_bulk(std::string_view action);
  // What a bulk request names, each id once.
  Result<std::vector<Bulk::Item>> read_items(JsonView ids) const;
  Result<Message> read_handshake();
  Result<Message> read_authenticate() const;
  Result<Message> read_presence(std::string_view action);
  Result<Message> read_presence_update();
  Result<void> read_place(Presence& presence) const;
  Result<std::string> read_channel() const;
  Result<Message> read_lease(std::string_view action);
  Result<std::optional<std::uint64_t>> read_ttl() const;
  Result<Message> read_query(std::string_view action);
  Result<std::vector<QuerySubscribe::Known>> read_known(JsonView results) const;
  Result<Submit> read_submit(DocId doc, std::optional<Version> version);
  Result<void> read_contents(Submission& op);
  Result<void> read_create(JsonView create, Submission& op);

  Result<std::string> read_name(JsonView value, std::size_t bytes_max,
                                std::string_view error) const;
  Result<void> check_name(JsonView value, std::size_t bytes_max, std::string_view error) const;
  Result<std::string> read_collection() const {
    return read_name(field("c"), limits_.collection_bytes_max, bad_collection);
  }
  Result<std::optional<Version>> read_version(JsonView value) const;
  Result<void> check_id() const;
  Result<void> check_common() const;
  // Checks that hold for every message and come after those of its own kind.
  Result<DocId> read_doc() const;

  JsonView field(std::string_view key) const { return request_.view().find(key); }

  const JsonPart& request_;
  TypeLookup find_type_;
  const MessageLimits& limits_;
};

}  // namespace segue::ot
