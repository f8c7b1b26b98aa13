#include "ot/diff/text_script.h"

#include <cstdint>
#include <vector>

#include "ot/utf8.h"

namespace segue::ot {
namespace {

constexpr std::size_t edits_max = 1000;

std::vector<std::uint32_t> code_points(const Text& text) {
  std::vector<std::uint32_t> points;
  points.reserve(text.length(Unit::code_point));
  text.for_each_chunk([&](std::string_view chunk) {
    for (; !chunk.empty(); chunk.remove_prefix(char_bytes(chunk.front()))) {
      points.push_back(decode(chunk));
    }
  });
  return points;
}

}  // namespace

EditScript text_script(const Text& from, const Text& to) {
  return edit_script<std::uint32_t>(code_points(from), code_points(to), edits_max);
}

}  // namespace segue::ot
