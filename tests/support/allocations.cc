#include "tests/support/allocations.h"

#include <cstdlib>
#include <new>

namespace {

thread_local std::size_t bytes = 0;

}  // namespace

std::size_t segue::test::bytes_allocated() { return bytes; }

// The forms for arrays call these, or, under AddressSanitizer, its own of both `new` and `delete`.
void* operator new(std::size_t size) {
  bytes += size;
  if (void* memory = std::malloc(size > 0 ? size : 1)) return memory;
  throw std::bad_alloc();
}

void* operator new(std::size_t size, const std::nothrow_t& /*tag*/) noexcept {
  bytes += size;
  return std::malloc(size > 0 ? size : 1);
}

void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t /*size*/) noexcept { std::free(memory); }
