// Values of options as people write them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "ot/projection.h"

namespace segue::server {

// "true" or "false".
std::optional<bool> parse_flag(std::string_view text);
// Decimal digits.
std::optional<std::uint64_t> parse_number(std::string_view text);
// Bytes: "4096", "64M", "1GiB". K, M, G and T count by 1024.
std::optional<std::uint64_t> parse_size(std::string_view text);
std::string print_size(std::uint64_t bytes);
// Whether a browser may send this as Origin: a scheme, a host in lower case, and the port where it
// is not the scheme's own.
bool is_origin(std::string_view text);
// "NAME=COLLECTION:FIELD,FIELD"
std::optional<ot::Projection> parse_projection(const std::string& text);

}  // namespace segue::server
