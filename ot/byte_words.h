// Eight bytes at a time. A byte's top bit is set in the results where the byte is what is looked
// for; above the lowest such byte there may be false ones.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace segue::ot::byte_words {

inline constexpr std::uint64_t ones = 0x0101010101010101U;
inline constexpr std::uint64_t tops = 0x8080808080808080U;

inline std::uint64_t load(const char* bytes) {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes, 8);
  return word;
}
constexpr std::uint64_t below(std::uint64_t word, std::uint64_t n) {
  return (word - ones * n) & ~word & tops;
}
constexpr std::uint64_t equal(std::uint64_t word, char c) {
  return below(word ^ (ones * static_cast<unsigned char>(c)), 1);
}
// What cannot stand in a JSON string as it is.
constexpr std::uint64_t escaped(std::uint64_t word) {
  return below(word, 0x20) | equal(word, '"') | equal(word, '\\');
}

// In place, since names are short and a call of memcmp() takes longer than they do. The words that
// are compared may overlap.
inline bool are_equal(std::string_view a, std::string_view b) {
  const std::size_t size = a.size();
  if (size != b.size()) return false;
  const auto is_same = [&]<std::size_t n>(std::size_t at) {
    return std::memcmp(a.data() + at, b.data() + at, n) == 0;
  };
  if (size >= 8) {
    for (std::size_t at = 0; at + 8 < size; at += 8) {
      if (!is_same.template operator()<8>(at)) return false;
    }
    return is_same.template operator()<8>(size - 8);
  }
  if (size >= 4) {
    return is_same.template operator()<4>(0) && is_same.template operator()<4>(size - 4);
  }
  return size == 0 || (a[0] == b[0] && a[size / 2] == b[size / 2] && a[size - 1] == b[size - 1]);
}

}  // namespace segue::ot::byte_words
