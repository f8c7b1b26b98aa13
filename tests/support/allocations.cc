#include "tests/support/allocations.h"

#include <cstdlib>
#include <new>

namespace {

thread_local std::size_t bytes = 0;

}  // namespace

std::size_t segue::test::bytes_allocated() { return bytes; }

// The other forms of `new` and `delete`, but for aligned ones, call these two.
void* operator new(std::size_t size) {
  bytes += size;
  if (void* memory = std::malloc(size > 0 ? size : 1)) return memory;
  throw std::bad_alloc();
}

void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t /*size*/) noexcept { std::free(memory); }
