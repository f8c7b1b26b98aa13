// Random numbers for tests, the same on every run and every platform.
#pragma once

#include <cstddef>
#include <cstdint>

namespace segue::test {

class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed * 0x9E3779B97F4A7C15U + 1) {}

  std::uint64_t bits() {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 7;
    state_ ^= state_ << 17;
    return state_ * 0x2545F4914F6CDD1DU;
  }
  // 0 to n - 1. REQUIRES: n > 0.
  std::size_t below(std::size_t n) { return static_cast<std::size_t>((bits() >> 11) % n); }

 private:
  std::uint64_t state_;
};

}  // namespace segue::test
