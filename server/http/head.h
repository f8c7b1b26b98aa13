// The head of a request as bytes, judged before it is parsed: whatever two readers of HTTP may read
// in two ways is refused, so that a proxy in front and this server see the same requests. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace segue::server {

enum class HeadFault : std::uint8_t { none, malformed, too_many_fields, target_too_long, late };

// How long the head at the beginning of `bytes` is, its empty line included; 0 if that is not there
// yet.
std::size_t head_length(std::string_view bytes);

// Never `late`, which is for those who read it. Malformed: lines that do not end with CR LF, folded
// or nameless fields, space before a colon, control characters; not exactly one Host (from HTTP/1.1
// on); a length given twice, or not in digits, or with a Transfer-Encoding; a Transfer-Encoding
// that is not "chunked", or in HTTP/1.0. REQUIRES: `head` ends with its empty line.
HeadFault check_head(std::string_view head, std::size_t fields_max, std::size_t target_bytes_max);

}  // namespace segue::server
