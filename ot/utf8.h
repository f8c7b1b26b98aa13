// UTF-8, WTF-8 and the two ways to count: the one place that knows what a position counts.
//
// WTF-8 is UTF-8 in which a lone surrogate stands as three bytes (ED A0..BF xx). A high surrogate
// and a low one in a row are never written so: together they are one astral character.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace segue::ot {

// What a position or a length counts. A lone surrogate is one of either.
enum class Unit { code_point, utf16 };

// Strict UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF.
bool is_utf8(std::string_view bytes);
// The same, with lone surrogates allowed; a pair of them in a row is refused.
bool is_wtf8(std::string_view bytes);

// REQUIRES below: `wtf8` is well-formed.
std::size_t count_code_points(std::string_view wtf8);
std::size_t count_utf16(std::string_view wtf8);
bool has_lone_surrogate(std::string_view wtf8);
// JavaScript's order of strings: by UTF-16 code unit. <0, 0, >0.
int compare_utf16(std::string_view a, std::string_view b);

// A byte that does not begin a character.
constexpr bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }
// Bytes of the character that `lead` begins.
constexpr std::size_t char_bytes(char lead) {
  const auto byte = static_cast<unsigned char>(lead);
  return byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}
// The first character. REQUIRES: not empty.
std::uint32_t decode(std::string_view wtf8);
// Appends one character or surrogate as it is, without joining it to what stands before.
void encode(std::uint32_t code_point, std::string& out);
constexpr bool is_high_surrogate(std::uint32_t c) { return c >= 0xD800 && c < 0xDC00; }
constexpr bool is_low_surrogate(std::uint32_t c) { return c >= 0xDC00 && c < 0xE000; }
bool ends_with_high_surrogate(std::string_view wtf8);
bool starts_with_low_surrogate(std::string_view wtf8);

// Appends, and where that brings a high and a low surrogate together, makes them one character.
void append_wtf8(std::string& wtf8, std::string_view more);
// The two halves of an astral character. REQUIRES: `astral` is one.
struct SurrogatePair {
  std::string high;
  std::string low;
};
SurrogatePair split_astral(std::string_view astral);

}  // namespace segue::ot
