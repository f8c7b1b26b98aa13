// The conformance protocol: one request about an OT type in, one reply out. Pure.
//
// It lets any implementation of the types be compared with this one, line by line.
// spec/conformance.md is its definition.
#pragma once

#include <string>
#include <string_view>

#include "ot/json.h"
#include "ot/type_registry.h"

namespace segue::ot {

// Any JSON value is answered; what is not a request, with the error class "bad-request".
Json conformance_reply(const Json& request, const TypeRegistry& types = {});

// The same for a line of text, without its line feed.
std::string conformance_reply_line(std::string_view line, const TypeRegistry& types = {});

}  // namespace segue::ot
