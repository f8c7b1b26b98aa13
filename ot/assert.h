// Assertions for our own mistakes. They stay on in every build; a false one prints where it stands
// and aborts. Nothing that comes off the wire or the disk may reach one: such input is validated
// and answered with a Result.
#pragma once

#include <cstdio>
#include <cstdlib>

namespace segue::ot {

[[noreturn]] inline void assert_failed(const char* what, const char* file, int line) {
  std::fprintf(stderr, "segue: assertion failed: %s (%s:%d)\n", what, file, line);
  std::abort();
}

}  // namespace segue::ot

// Cheap; always checked.
#define OT_ASSERT(condition) \
  ((condition) ? static_cast<void>(0) : ::segue::ot::assert_failed(#condition, __FILE__, __LINE__))

// Walks whole structures; checked in debug builds and in simulation only.
#if defined(NDEBUG) && !defined(SEGUE_VERIFY)
#define OT_VERIFY(condition) static_cast<void>(0)
#else
#define OT_VERIFY(condition) OT_ASSERT(condition)
#endif
