// Base64url without padding, as tokens and keys are written (RFC 4648, section 5; RFC 7515).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace segue::access {

std::string to_base64url(std::string_view bytes);
// Strict: no padding, no other characters, and no bits that encode nothing, so that there is one
// text for the same bytes.
std::optional<std::string> from_base64url(std::string_view text);

}  // namespace segue::access
