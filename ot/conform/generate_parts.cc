#include "ot/conform/generate_parts.h"

#include <algorithm>

namespace segue::conform {

using ot::Json;
using ot::Text;
using ot::Text0;
using ot::Unit;

std::string letters_of(Random& random, std::size_t count_max) {
  std::string text;
  for (std::size_t left = random.below(count_max + 1); left > 0; --left) {
    text += letters.at(random.below(letters.size()));
  }
  return text;
}

bool is_long(Random& random) { return random.below(8) == 7; }

Text cut(const Text& text, std::size_t from, std::size_t count, Unit unit) {
  return Text(text.slice(from, count, unit));
}

// All strings of so many letters, one of which is astral.
std::vector<Json> all_strings(std::size_t count) {
  std::vector<std::string> strings = {""};
  for (; count > 0; --count) {
    std::vector<std::string> longer;
    for (const std::string& string : strings) {
      for (const char* letter : {letters[0], letters[3]}) longer.push_back(string + letter);
    }
    strings = std::move(longer);
  }
  return {strings.begin(), strings.end()};
}

std::vector<Span> spans_of(std::size_t size) {
  std::vector<Span> spans;
  for (std::size_t count = size; count > 0; count /= 2) {
    for (std::size_t from = 0; from + count <= size; from += count) spans.push_back({from, count});
  }
  return spans;
}

Text0::Component text0_component(Random& random, const Text& text) {
  const std::size_t size = text.length(Unit::utf16);
  if (size > 0 && random.below(2) == 0) {
    const std::size_t from = random.below(size);
    const std::size_t count = 1 + random.below(std::min<std::size_t>(3, size - from));
    return Text0::Delete{from, cut(text, from, count, Unit::utf16)};
  }
  return Text0::Insert{random.below(size + 1), Text("x" + letters_of(random, 2))};
}

std::vector<Text0::Component> all_text0_components(const Text& text) {
  std::vector<Text0::Component> all;
  const std::size_t size = text.length(Unit::utf16);
  for (std::size_t from = 0; from <= size; ++from) {
    all.push_back(Text0::Insert{from, Text("x")});
    for (std::size_t count = 1; count <= size - from; ++count) {
      all.push_back(Text0::Delete{from, cut(text, from, count, Unit::utf16)});
    }
  }
  return all;
}

std::vector<Text0::Component> text0_cuts(const Text& text) {
  std::vector<Text0::Component> cuts;
  for (const auto& [from, count] : spans_of(text.length(Unit::utf16))) {
    cuts.push_back(Text0::Delete{from, cut(text, from, count, Unit::utf16)});
  }
  return cuts;
}

}  // namespace segue::conform
