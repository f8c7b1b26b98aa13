// Characters of UTF-8 or WTF-8, eight bytes at a time.
#pragma once

#include <cstddef>
#include <cstdint>

#include "ot/byte_words.h"

namespace segue::ot::byte_words {

constexpr std::size_t count_tops(std::uint64_t word) { return ((word & tops) >> 7) * ones >> 56; }
// Top bits where a byte is in the middle of a character (10xxxxxx), and where it begins an astral
// one (11110xxx).
constexpr std::uint64_t continuations(std::uint64_t word) { return word & ~(word << 1); }
constexpr std::uint64_t astrals(std::uint64_t word) {
  return word & (word << 1) & (word << 2) & (word << 3);
}

// How many characters begin in a word, from its first byte up to each.
struct BegunCharacters {
  std::uint64_t up_to;  // in each byte

  explicit constexpr BegunCharacters(std::uint64_t word)
      : up_to(((~continuations(word) & tops) >> 7) * ones) {}

  constexpr std::size_t all() const { return up_to >> 56; }
  // Which byte begins the character with this number, from 0; 8 if none does. REQUIRES: number <=
  // 8.
  constexpr std::size_t find(std::size_t number) const {
    return count_tops(ones * (0x80 + number) - up_to);
  }
};

}  // namespace segue::ot::byte_words
