// TextCounts: how long a text is, in everything that anybody counts.
#pragma once

#include <cstddef>
#include <string_view>

#include "ot/utf8.h"

namespace segue::ot {

struct TextCounts {
  std::size_t bytes = 0;
  std::size_t code_points = 0;
  std::size_t utf16 = 0;
  std::size_t printed = 0;  // as JSON.stringify prints it in UTF-8, without the quotes
  bool has_lone_surrogate = false;

  void add(const TextCounts& next);
  // Takes `before` out of this sum and puts `after` into it. False, with nothing done, where only
  // adding all up again can tell.
  bool replace(const TextCounts& before, const TextCounts& after);
  std::size_t length(Unit unit) const { return unit == Unit::utf16 ? utf16 : code_points; }
  bool operator==(const TextCounts&) const = default;
};

// REQUIRES: `wtf8` is well-formed.
TextCounts count_text(std::string_view wtf8);

struct ByteOffset {
  std::size_t byte;
  bool is_inside;  // in the middle of the astral character that begins there
};
// Where a position stands; beyond the end, the end. REQUIRES: `wtf8` is well-formed.
ByteOffset find_byte(std::string_view wtf8, std::size_t position, Unit unit);

// Bytes from the start, a multiple of eight, that are ASCII and need no escape in JSON.
std::size_t plain_prefix(std::string_view wtf8);
// Whether all of it is.
bool is_plain(std::string_view wtf8);

// Bytes that an ASCII character takes in a JSON string: 1, 2 ("\n") or 6 ("\u001f").
std::size_t printed_ascii_bytes(char c);

}  // namespace segue::ot
