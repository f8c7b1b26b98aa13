// Counts what a program with tests/support/allocations.cc in it allocates by `new`: so that a test
// can tell that work grows with its input and not faster, without a clock.
#pragma once

#include <cstddef>

namespace segue::test {

// Bytes allocated by this thread since it began, freed or not.
std::size_t bytes_allocated();

// Bytes that this thread has allocated less those that it has freed, with what the
// allocator adds.
std::size_t bytes_held();

// Bytes that `work` allocates.
template <class Work>
std::size_t bytes_allocated_by(Work&& work) {
  const std::size_t before = bytes_allocated();
  work();
  return bytes_allocated() - before;
}

}  // namespace segue::test
