// What moves put a list into another order: as few as possible.
#pragma once

#include <cstddef>
#include <vector>

namespace segue::ot {

// Takes the element at `from` out, then puts it before `to`, counted without it.
struct ListMove {
  std::size_t element = 0;  // which one: its place in `order`
  std::size_t from = 0;
  std::size_t to = 0;
};

// `order` says of each element, as they stand, where it belongs among them. The moves apply one
// after another; elements on a longest increasing subsequence stay. O(n log n). REQUIRES: elements
// of `order` differ.
std::vector<ListMove> reorder(const std::vector<std::size_t>& order);

}  // namespace segue::ot
