// What the answers of all types share. Private to the conformance protocol.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "ot/json.h"
#include "ot/result.h"
#include "ot/type.h"

namespace segue::ot::conformance {

// A verb's result; undefined if there is none. Or, for json1, a conflict.
struct Value {
  Value() = default;
  explicit Value(Json result_) : result(std::move(result_)) {}
  static Value of_conflict(Json description) {
    Value value;
    value.conflict = std::move(description);
    return value;
  }

  std::optional<Json> result;
  std::optional<Json> conflict;
};
using Answer = Result<Value>;

// Nothing else fails with this code, so that it tells a bad request from bad input.
inline tl::unexpected<Error> bad_request(std::string what) {
  return fail(Errc::message_badly_formed, std::move(what));
}

inline Result<const Json*> field(const Json& request, std::string_view name) {
  const Json* value = request.find(name);
  if (value == nullptr) return bad_request("the field " + std::string(name) + " is missing");
  return value;
}

inline Result<Side> side_of(const Json& request) {
  const Json* side = request.find("side");
  if (side != nullptr && *side == Json("left")) return Side::left;
  if (side != nullptr && *side == Json("right")) return Side::right;
  return fail(Errc::op_badly_formed, "side must be left or right");
}

}  // namespace segue::ot::conformance
