// Random numbers for made-up cases, the same on every run and every platform.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace segue::conform {

class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed * 0x9E3779B97F4A7C15U + 1) {}
  // Not random: the bytes decide, and 0 is next once they are used up. So a fuzzer that changes a
  // byte changes a choice. REQUIRES: the bytes outlive it.
  explicit Random(std::span<const std::uint8_t> choices) : choices_(choices), is_chosen_(true) {}

  // 0 to n - 1. REQUIRES: n > 0.
  std::size_t below(std::size_t n) {
    return static_cast<std::size_t>((is_chosen_ ? chosen(n) : bits() >> 11) % n);
  }
  // Whether the bytes are used up; never so of a seed.
  bool is_spent() const { return is_chosen_ && choices_.empty(); }
  // REQUIRES: made of a seed.
  std::uint64_t bits() {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 7;
    state_ ^= state_ << 17;
    return state_ * 0x2545F4914F6CDD1DU;
  }

 private:
  // As many bytes as n - 1 has.
  std::uint64_t chosen(std::uint64_t n) {
    std::uint64_t value = 0;
    for (std::uint64_t rest = n - 1; rest > 0 && !choices_.empty(); rest >>= 8) {
      value = value << 8 | choices_.front();
      choices_ = choices_.subspan(1);
    }
    return value;
  }

  std::uint64_t state_ = 0;
  std::span<const std::uint8_t> choices_;
  bool is_chosen_ = false;
};

}  // namespace segue::conform
