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

// In place, since names are short and a call of memcmp() takes longer than they do.
inline bool are_equal(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  std::size_t at = 0;
  for (; at + 8 <= a.size(); at += 8) {
    if (load(a.data() + at) != load(b.data() + at)) return false;
  }
  while (at < a.size() && a[at] == b[at]) ++at;
  return at == a.size();
}

}  // namespace segue::ot::byte_words
