#include "ot/planted_bug.h"

#include <array>
#include <atomic>
#include <cstddef>

namespace segue::ot {

std::optional<Bug> bug_named(std::string_view name) {
  constexpr std::array<std::string_view, 12> names{"B1", "B2", "B3", "B4",  "B5",  "B6",
                                                   "B7", "B8", "B9", "B10", "B11", "B12"};
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == name) {
      return static_cast<Bug>(i + 1);
    }
  }
  return std::nullopt;
}

#ifdef SEGUE_PLANTED_BUGS

namespace {
std::atomic<std::uint8_t> current{0};
}

bool planted(Bug bug) { return current.load() == static_cast<std::uint8_t>(bug); }

void plant(std::optional<Bug> bug) { current.store(bug ? static_cast<std::uint8_t>(*bug) : 0); }

#endif

}  // namespace segue::ot
