// Timing of calls that take nanoseconds, in processor time: others use the machine too.
#pragma once

#include <cstddef>
#include <ctime>

namespace segue::bench {

inline double cpu_ns() {
  timespec now{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

// Nanoseconds per call where one round() makes `calls` of them, from rounds for at least
// `least_ns`.
template <class Round>
double ns_per_call(std::size_t calls, double least_ns, Round&& round) {
  round();  // warms the caches
  std::size_t rounds = 0;
  double elapsed = 0;
  for (std::size_t more = 1; elapsed < least_ns; more *= 2) {
    const double begin = cpu_ns();
    for (std::size_t i = 0; i < more; ++i) round();
    elapsed += cpu_ns() - begin;
    rounds += more;
  }
  return elapsed / static_cast<double>(rounds * calls);
}

// Makes the compiler believe that `value` is used.
template <class T>
void keep(const T& value) {
  asm volatile("" : : "r"(&value) : "memory");
}

}  // namespace segue::bench
