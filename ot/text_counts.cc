#include "ot/text_counts.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "ot/byte_words.h"

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

using byte_words::equal;
using byte_words::escaped;
using byte_words::ones;
using byte_words::tops;

std::uint64_t word_at(std::string_view bytes, std::size_t at) {
  return byte_words::load(bytes.data() + at);
}
// Whether something in it prints otherwise than it stands, or may be a surrogate (ED).
bool is_special(std::uint64_t word) { return (escaped(word) | equal(word, '\xED')) != 0; }
// Whether all of it is ASCII that prints as it stands.
bool is_plain(std::uint64_t word) { return ((word & tops) | escaped(word)) == 0; }
// Less than eight bytes, filled up with spaces.
std::uint64_t last_word(std::string_view bytes) {
  constexpr std::uint64_t spaces = ones * ' ';
  std::uint64_t word = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) {
    word = word << 8 | static_cast<unsigned char>(bytes[i]);
  }
  return word | spaces << (8 * bytes.size());
}
std::size_t count_tops(std::uint64_t word) { return ((word & tops) >> 7) * ones >> 56; }
// Top bits where a byte is in the middle of a character (10xxxxxx), and where it begins an astral
// one (11110xxx).
std::uint64_t continuations(std::uint64_t word) { return word & ~(word << 1); }
std::uint64_t astrals(std::uint64_t word) { return word & (word << 1) & (word << 2) & (word << 3); }

// Most of a long text is read in blocks, by loops that compilers turn into vector instructions.
constexpr std::size_t block_bytes = 32;
struct BlockCounts {
  std::uint8_t continuations = 0;
  std::uint8_t astrals = 0;
};
BlockCounts count_block(const char* block) {
  BlockCounts counts;
  for (std::size_t i = 0; i < block_bytes; ++i) {
    const auto byte = static_cast<unsigned char>(block[i]);
    const int is_continuation = static_cast<signed char>(byte) < -64 ? 1 : 0;
    counts.continuations = static_cast<std::uint8_t>(counts.continuations + is_continuation);
    counts.astrals = static_cast<std::uint8_t>(counts.astrals + (byte >= 0xF0 ? 1 : 0));
  }
  return counts;
}
// As is_special(word).
bool has_special(const char* block) {
  std::uint8_t found = 0;
  for (std::size_t i = 0; i < block_bytes; ++i) {
    const auto byte = static_cast<unsigned char>(block[i]);
    found |= static_cast<std::uint8_t>(byte < 0x20 || byte == '"' || byte == '\\' || byte == 0xED);
  }
  return found != 0;
}

// Of a word in which nothing is special; `utf16` without what every character has.
void add_word(TextCounts& counts, std::uint64_t word) {
  counts.code_points += 8;
  counts.printed += 8;
  if ((word & tops) == 0) return;  // ASCII
  counts.code_points -= count_tops(continuations(word));
  counts.utf16 += count_tops(astrals(word));
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
  if (wtf8.size() < 8) return is_plain(last_word(wtf8));
  // The last word overlaps the one before it.
  return plain_prefix(wtf8) + 8 > wtf8.size() && is_plain(word_at(wtf8, wtf8.size() - 8));
}

std::size_t printed_ascii_bytes(char c) { return printed_ascii[static_cast<unsigned char>(c)]; }

TextCounts count_text(std::string_view wtf8) {
  const std::size_t size = wtf8.size();
  if (is_plain(wtf8)) return {size, size, size, size, false};
  TextCounts counts;
  counts.bytes = wtf8.size();
  std::size_t i = 0;
  while (i < wtf8.size()) {
    for (; i + block_bytes <= wtf8.size() && !has_special(wtf8.data() + i); i += block_bytes) {
      const BlockCounts block = count_block(wtf8.data() + i);
      counts.code_points += block_bytes - block.continuations;
      counts.printed += block_bytes;
      counts.utf16 += block.astrals;
    }
    for (; i + 8 <= wtf8.size(); i += 8) {
      const std::uint64_t word = word_at(wtf8, i);
      if (is_special(word)) break;
      add_word(counts, word);
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
  std::size_t byte = 0;
  for (; byte + block_bytes <= wtf8.size(); byte += block_bytes) {
    const BlockCounts block = count_block(wtf8.data() + byte);
    const std::size_t more = unit == Unit::utf16 ? block.astrals : 0;
    const std::size_t units = block_bytes - block.continuations + more;
    if (units > position) break;
    position -= units;
  }
  for (; byte + 8 <= wtf8.size(); byte += 8) {
    const std::uint64_t word = word_at(wtf8, byte);
    std::size_t units = 8;
    if ((word & tops) != 0) {
      units -= count_tops(continuations(word));
      if (unit == Unit::utf16) units += count_tops(astrals(word));
    }
    if (units > position) break;
    position -= units;
  }
  // What the last word left: the rest of its last character, then whole ones.
  while (byte < wtf8.size() && is_continuation(wtf8[byte])) ++byte;
  while (position > 0 && byte < wtf8.size()) {
    const std::size_t size = char_bytes(wtf8[byte]);
    const std::size_t units = size == 4 && unit == Unit::utf16 ? 2 : 1;
    if (units > position) return {byte, true};
    position -= units;
    byte += size;
  }
  return {byte, false};
}

}  // namespace segue::ot
