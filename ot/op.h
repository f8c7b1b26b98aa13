// Ops as a document keeps them: what was submitted, and what was committed.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "ot/ids.h"
#include "ot/json_part.h"
#include "ot/type.h"

namespace segue::ot {

enum class OpKind : std::uint8_t { create = 1, edit = 2, remove = 3, noop = 4 };

// One op of a document's past. Immutable; shared between history, replies and broadcasts.
struct CommittedOp {
  Version version;  // committed at
  OpKind kind = OpKind::noop;
  ClientId src;
  Seq seq;
  std::int64_t time_ms = 0;
  std::string type;     // create: URI
  std::string payload;  // JSON text: an edit's op, a create's data; empty where there is none
  AnyOp op;             // an edit, decoded by the document's type; empty if not decoded (yet)

  // Rough memory it takes.
  std::size_t bytes() const { return sizeof(CommittedOp) + 2 * payload.size() + src.value.size(); }
};
using CommittedOpPtr = std::shared_ptr<const CommittedOp>;

// An op on its way in.
struct Submission {
  OpKind kind = OpKind::edit;
  std::optional<Version> base;  // version its author had seen; none: whatever is current
  ClientId src;
  Seq seq;
  const AnyType* type = nullptr;  // create only
  std::optional<JsonPart> value;  // an edit's op; a create's data, where it has any
  bool only_at_base = false;      // refused where the document has moved on since
  std::string reason;             // why, in the author's words, for the log; may be empty
};

}  // namespace segue::ot
