#include "ot/text_counts.h"

#include <array>
#include <cstdint>
#include <cstring>

namespace segue::ot {
namespace {

constexpr std::array<std::uint8_t, 128> make_printed_ascii() {
  std::array<std::uint8_t, 128> bytes{};
  for (std::size_t c = 0; c < bytes.size(); ++c) bytes[c] = c < 0x20 ? 6 : 1;
  for (const char c : {'\b', '\t', '\n', '\f', '\r', '"', '\\'}) {
    bytes[static_cast<unsigned char>(c)] = 2;
  }
  return bytes;
}
constexpr auto printed_ascii = make_printed_ascii();

// Eight bytes at a time: a byte's top bit is set in the results where the byte is what we look for.
constexpr std::uint64_t ones = 0x0101010101010101U;
constexpr std::uint64_t tops = 0x8080808080808080U;
constexpr std::uint64_t below(std::uint64_t word, std::uint64_t n) {
  return (word - ones * n) & ~word & tops;
}
constexpr std::uint64_t equal(std::uint64_t word, char c) {
  return below(word ^ (ones * static_cast<unsigned char>(c)), 1);
}

}  // namespace

void TextCounts::add(const TextCounts& next) {
  bytes += next.bytes;
  code_points += next.code_points;
  utf16 += next.utf16;
  printed += next.printed;
  has_lone_surrogate = has_lone_surrogate || next.has_lone_surrogate;
}

std::size_t plain_prefix(std::string_view wtf8) {
  std::size_t i = 0;
  for (; i + 8 <= wtf8.size(); i += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, wtf8.data() + i, 8);
    if (((word & tops) | below(word, 0x20) | equal(word, '"') | equal(word, '\\')) != 0) break;
  }
  return i;
}

std::size_t printed_ascii_bytes(char c) { return printed_ascii[static_cast<unsigned char>(c)]; }

TextCounts count_text(std::string_view wtf8) {
  TextCounts counts;
  counts.bytes = wtf8.size();
  for (std::size_t i = 0; i < wtf8.size();) {
    const std::size_t plain = plain_prefix(wtf8.substr(i));
    counts.code_points += plain;
    counts.printed += plain;
    i += plain;
    // Then byte by byte to the end of the word in which something else stands.
    for (const std::size_t stop = i + 8; i < wtf8.size() && i < stop;) {
      const std::size_t size = char_bytes(wtf8[i]);
      const bool lone =
          size == 3 && wtf8[i] == '\xED' && static_cast<unsigned char>(wtf8[i + 1]) >= 0xA0;
      counts.printed += size == 1 ? printed_ascii_bytes(wtf8[i]) : lone ? 6 : size;
      counts.utf16 += size == 4 ? 1 : 0;
      counts.code_points += 1;
      counts.has_lone_surrogate = counts.has_lone_surrogate || lone;
      i += size;
    }
  }
  counts.utf16 += counts.code_points;
  return counts;
}

}  // namespace segue::ot
