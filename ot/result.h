// Result<T>, Error and Errc: the one vocabulary for failures that a client or the world can cause.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <tl/expected.hpp>

namespace segue::ot {

// What went wrong. The names returned by errc_name() go over the wire and are stable: append to
// this list, never renumber or rename. Where ShareDB has a code for a condition, it is that code.
enum class Errc : std::uint8_t {
  uncoded = 0,  // ShareDB sends no code here; only the message tells.
  message_badly_formed,
  op_badly_formed,
  op_not_applied,
  doc_already_created,
  doc_does_not_exist,
  doc_was_deleted,
  doc_type_not_recognized,
  version_ahead,            // ERR_OP_VERSION_NEWER_THAN_CURRENT_SNAPSHOT
  transform_ops_not_found,  // ERR_SUBMIT_TRANSFORM_OPS_NOT_FOUND
  op_already_submitted,     // the (src, seq) is taken by other contents
  no_op,
  seq_overflow,  // ERR_CONNECTION_SEQ_INTEGER_OVERFLOW
  unsupported,   // the type has no such operation
  // Ours, where ShareDB has a hole.
  too_deep,
  too_large,
  too_costly,
  duplicate_key,
  bad_string,
  bad_json,
  // The log's; these never reach an op's author as an error reply.
  log_conflict,   // the expected version is not the head
  log_full,       // no space left; waits until there is some
  log_io,         // a write or sync failed; read-only until restart
  log_corrupt,    // bytes that do not hash, parse or chain
  log_locked,     // another process writes to this directory
  log_not_found,  // no such directory, document or record
  // Access.
  unauthorized,   // no token, or one that is not valid (any more)
  forbidden,      // no rule allows it
  src_not_yours,  // the src belongs to another author
  // Presence, projections and queries.
  type_without_presence,         // ERR_TYPE_DOES_NOT_SUPPORT_PRESENCE
  presence_transform_failed,     // an op and a place in the document do not fit
  op_not_allowed_in_projection,  // it touches what the projection leaves out
  type_cannot_be_projected,      // only json0 documents can
  database_adapter_not_found,    // a query asks for another store
  bad_query,                     // ours: it cannot be read; the text tells where
  // An op's, again.
  version_conflict,  // the document is not at the version that the op insists on
  leased,            // another has a lease of what it would change, or lease
  lease_gone,        // there is no such lease (any more)
};

// "ERR_OT_OP_NOT_APPLIED" and so on; empty for `uncoded`.
std::string_view errc_name(Errc code);

struct Error {
  Errc code = Errc::uncoded;
  std::string detail;  // for people; a sentence without a full stop

  bool operator==(const Error&) const = default;
};

// tl::expected, made [[nodiscard]].
template <class T>
class [[nodiscard]] Result : public tl::expected<T, Error> {
 public:
  using tl::expected<T, Error>::expected;
  Result(tl::expected<T, Error> base)  // NOLINT(google-explicit-constructor): what map() returns.
      : tl::expected<T, Error>(std::move(base)) {}
};

inline tl::unexpected<Error> fail(Errc code, std::string detail) {
  return tl::unexpected<Error>(Error{code, std::move(detail)});
}
inline tl::unexpected<Error> fail(Error error) { return tl::unexpected<Error>(std::move(error)); }

}  // namespace segue::ot
