// Reading what a server says, without trust in it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "ot/json.h"

namespace segue::client {

// An integer in 0..2^53-1; nothing for anything else, null included.
std::optional<std::uint64_t> whole_number(const ot::Json* value);
// Empty where it is no string.
std::string string_or_empty(const ot::Json* value);

}  // namespace segue::client
