#include "ot/text_counts.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

#include "ot/byte_words.h"
#include "ot/utf8_words.h"

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

using byte_words::astrals;
using byte_words::BegunCharacters;
using byte_words::continuations;
using byte_words::count_tops;
using byte_words::equal;
using byte_words::escaped;
using byte_words::ones;
using byte_words::tops;
constexpr std::uint64_t spaces = ones * ' ';

std::uint64_t word_at(std::string_view bytes, std::size_t at) {
  return byte_words::load(bytes.data() + at);
}
std::uint64_t half_word_at(std::string_view bytes, std::size_t at) {
  std::uint32_t half = 0;
  std::memcpy(&half, bytes.data() + at, 4);
  return half;
}
// Fewer than eight bytes, with zeros behind. REQUIRES: there are some.
std::uint64_t short_word(std::string_view bytes) {
  const std::size_t last = bytes.size() - 1;
  if (bytes.size() >= 4) {  // two halves, which overlap
    return half_word_at(bytes, 0) | half_word_at(bytes, last - 3) << (8 * (last - 3));
  }
  const auto byte = [&](std::size_t at) {
    return std::uint64_t{static_cast<unsigned char>(bytes[at])} << (8 * at);
  };
  return byte(0) | byte(last / 2) | byte(last);
}
// The last bytes of a text, with spaces behind. REQUIRES: 0 < count < 8.
std::uint64_t last_word(std::string_view bytes, std::size_t count) {
  const std::uint64_t word = bytes.size() >= 8
                                 ? word_at(bytes, bytes.size() - 8) >> (8 * (8 - count))
                                 : short_word(bytes.substr(bytes.size() - count));
  return word | spaces << (8 * count);
}
// The eight bytes from there, or those that are left with spaces behind.
std::uint64_t word_from(std::string_view bytes, std::size_t at) {
  const std::size_t left = bytes.size() - at;
  return left >= 8 ? word_at(bytes, at) : last_word(bytes, left);
}
// Whether something in it prints otherwise than it stands, or may be a surrogate (ED).
bool is_special(std::uint64_t word) { return (escaped(word) | equal(word, '\xED')) != 0; }
// Whether all of it is ASCII that prints as it stands.
bool is_plain(std::uint64_t word) { return ((word & tops) | escaped(word)) == 0; }
// The first bytes of a word in which nothing is special; `utf16` without what every character has.
void add_word(TextCounts& counts, std::uint64_t word, std::size_t bytes) {
  counts.code_points += bytes;
  counts.printed += bytes;
  if ((word & tops) == 0) return;  // ASCII
  counts.code_points -= count_tops(continuations(word));
  counts.utf16 += count_tops(astrals(word));
}

constexpr std::size_t block_bytes = 32;
// How many characters begin in four words, from there.
std::size_t begun_in_block(std::string_view wtf8, std::size_t at) {
  std::uint64_t inside = 0;  // in each byte, how many are not the first of a character
  for (std::size_t i = 0; i < block_bytes; i += 8) {
    inside += (continuations(word_at(wtf8, at + i)) & tops) >> 7;
  }
  return block_bytes - (inside * ones >> 56);
}

// How many UTF-16 units they are.
std::size_t units_in_block(std::string_view wtf8, std::size_t at) {
  std::uint64_t second = 0;  // in each byte, of how many it begins the second unit
  for (std::size_t i = 0; i < block_bytes; i += 8) {
    second += (astrals(word_at(wtf8, at + i)) & tops) >> 7;
  }
  return begun_in_block(wtf8, at) + (second * ones >> 56);
}

std::size_t find_code_point(std::string_view wtf8, std::size_t position) {
  std::size_t byte = 0;
  for (; byte + block_bytes <= wtf8.size(); byte += block_bytes) {
    const std::size_t begun = begun_in_block(wtf8, byte);
    if (begun > position) break;
    position -= begun;
  }
  for (; byte < wtf8.size(); byte += 8) {
    const std::uint64_t word = word_from(wtf8, byte);
    const BegunCharacters begun(word);
    if (begun.all() > position) return std::min(byte + begun.find(position), wtf8.size());
    position -= begun.all();
  }
  return wtf8.size();
}

}  // namespace

void TextCounts::add(const TextCounts& next) {
  bytes += next.bytes;
  code_points += next.code_points;
  utf16 += next.utf16;
  printed += next.printed;
  has_lone_surrogate = has_lone_surrogate || next.has_lone_surrogate;
}

bool TextCounts::replace(const TextCounts& before, const TextCounts& after) {
  if (before.has_lone_surrogate && !after.has_lone_surrogate) return false;
  bytes += after.bytes - before.bytes;
  code_points += after.code_points - before.code_points;
  utf16 += after.utf16 - before.utf16;
  printed += after.printed - before.printed;
  has_lone_surrogate = has_lone_surrogate || after.has_lone_surrogate;
  return true;
}

std::size_t plain_prefix(std::string_view wtf8) {
  std::size_t i = 0;
  while (i + 8 <= wtf8.size() && is_plain(word_at(wtf8, i))) i += 8;
  return i;
}

bool is_plain(std::string_view wtf8) {
  const std::size_t left = wtf8.size() - plain_prefix(wtf8);
  return left == 0 || (left < 8 && is_plain(last_word(wtf8, left)));
}

std::size_t printed_ascii_bytes(char c) { return printed_ascii[static_cast<unsigned char>(c)]; }

TextCounts count_text(std::string_view wtf8) {
  TextCounts counts;
  counts.bytes = wtf8.size();
  std::size_t i = 0;
  while (i < wtf8.size()) {
    for (; i < wtf8.size(); i += 8) {
      const std::uint64_t word = word_from(wtf8, i);
      if (is_special(word)) break;
      add_word(counts, word, std::min<std::size_t>(wtf8.size() - i, 8));
    }
    // Then byte by byte over the word in which something else stands.
    for (const std::size_t stop = std::min(i + 8, wtf8.size()); i < stop; ++i) {
      const char c = wtf8[i];
      const auto byte = static_cast<unsigned char>(c);
      const bool lone =
          c == '\xED' && i + 1 < wtf8.size() && static_cast<unsigned char>(wtf8[i + 1]) >= 0xA0;
      counts.printed += byte < 0x80 ? printed_ascii_bytes(c) : lone ? 4 : 1;  // 6, in three bytes
      counts.code_points += is_continuation(c) ? 0 : 1;
      counts.utf16 += byte >= 0xF0 ? 1 : 0;
      counts.has_lone_surrogate = counts.has_lone_surrogate || lone;
    }
  }
  counts.utf16 += counts.code_points;
  return counts;
}

ByteOffset find_byte(std::string_view wtf8, std::size_t position, Unit unit) {
  if (unit == Unit::code_point) return {find_code_point(wtf8, position), false};
  std::size_t byte = 0;
  for (; byte + block_bytes <= wtf8.size(); byte += block_bytes) {
    const std::size_t units = units_in_block(wtf8, byte);
    if (units > position) break;
    position -= units;
  }
  for (; byte + 8 <= wtf8.size(); byte += 8) {
    const std::uint64_t word = word_at(wtf8, byte);
    const std::size_t units = 8 - count_tops(continuations(word)) + count_tops(astrals(word));
    if (units > position) break;
    position -= units;
  }
  // What the last word left: the rest of its last character, then whole ones.
  while (byte < wtf8.size() && is_continuation(wtf8[byte])) ++byte;
  while (position > 0 && byte < wtf8.size()) {
    const std::size_t size = char_bytes(wtf8[byte]);
    const std::size_t units = size == 4 ? 2 : 1;
    if (units > position) return {byte, true};
    position -= units;
    byte += size;
  }
  return {byte, false};
}

}  // namespace segue::ot
