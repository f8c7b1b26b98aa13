// UTF-8, WTF-8 and the two ways to count: the one place that knows what a position counts.
#pragma once

#include <cstddef>
#include <string_view>

namespace segue::ot {

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

}  // namespace segue::ot
