// What the generators share: text of few letters, edits of it.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "ot/conform/random.h"
#include "ot/json.h"
#include "ot/text.h"
#include "ot/types/text0.h"

namespace segue::conform {

// One byte, two and four in UTF-8; the last one is two UTF-16 units.
inline constexpr std::array letters = {"a", "b", "\xC3\xA9", "\xF0\x9F\x98\x80"};

std::string letters_of(Random& random, std::size_t count_max);
// One document in eight is long, with positions of two digits.
bool is_long(Random& random);
constexpr std::size_t long_size = 11;
ot::Text cut(const ot::Text& text, std::size_t from, std::size_t count, ot::Unit unit);
// All strings of so many letters, one of which is astral.
std::vector<ot::Json> all_strings(std::size_t count);

// The halves of `size` things, the quarters, and so on to single ones.
struct Span {
  std::size_t from = 0;
  std::size_t count = 0;
};
std::vector<Span> spans_of(std::size_t size);

ot::Text0::Component text0_component(Random& random, const ot::Text& text);
// All that insert an x or delete.
std::vector<ot::Text0::Component> all_text0_components(const ot::Text& text);
std::vector<ot::Text0::Component> text0_cuts(const ot::Text& text);

}  // namespace segue::conform
