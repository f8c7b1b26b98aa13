#include "tests/support/allocations.h"

#include <cstdlib>
#include <new>

#include <malloc.h>

namespace {

thread_local std::size_t bytes = 0;
thread_local std::size_t held = 0;

std::size_t size_of(void* memory) {
  return memory == nullptr ? 0 : malloc_usable_size(memory) + sizeof(std::size_t);
}

void* take(std::size_t size) {
  bytes += size;
  void* memory = std::malloc(size > 0 ? size : 1);
  held += size_of(memory);
  return memory;
}

void give_back(void* memory) {
  held -= size_of(memory);
  std::free(memory);
}

}  // namespace

std::size_t segue::test::bytes_allocated() { return bytes; }
std::size_t segue::test::bytes_held() { return held; }

// The forms for arrays call these, or, under AddressSanitizer, its own of both `new` and `delete`.
void* operator new(std::size_t size) {
  if (void* memory = take(size)) return memory;
  throw std::bad_alloc();
}

void* operator new(std::size_t size, const std::nothrow_t& /*tag*/) noexcept { return take(size); }

void operator delete(void* memory) noexcept { give_back(memory); }
void operator delete(void* memory, std::size_t /*size*/) noexcept { give_back(memory); }
