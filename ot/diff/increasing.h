// The longest increasing subsequence: what of a list can stay where it is when it is reordered.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace segue::ot {

// For each element whether it is in the subsequence (one of them). O(n log n). REQUIRES: elements
// differ.
inline std::vector<bool> longest_increasing(const std::vector<std::size_t>& values) {
  constexpr auto none = static_cast<std::size_t>(-1);
  std::vector<std::size_t> ends;  // of the best subsequence of each length, where its last one is
  std::vector<std::size_t> before(values.size(), none);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto at =
        std::lower_bound(ends.begin(), ends.end(), values[i],
                         [&](std::size_t end, std::size_t value) { return values[end] < value; });
    if (at != ends.begin()) before[i] = *(at - 1);
    if (at == ends.end()) {
      ends.push_back(i);
    } else {
      *at = i;
    }
  }
  std::vector<bool> stays(values.size(), false);
  for (std::size_t i = ends.empty() ? none : ends.back(); i != none; i = before[i]) stays[i] = true;
  return stays;
}

}  // namespace segue::ot
