#include "ot/utf8.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "ot/assert.h"
#include "ot/byte_words.h"

namespace segue::ot {
namespace {

constexpr std::size_t surrogate_bytes = 3;

std::uint32_t byte_at(std::string_view bytes, std::size_t i) {
  return static_cast<unsigned char>(bytes[i]);
}

// Bytes from the start that are ASCII; of the last seven there may be more.
std::size_t ascii_prefix(std::string_view bytes) {
  std::size_t i = 0;
  for (; i + 8 <= bytes.size(); i += 8) {
    const std::uint64_t found = byte_words::load(bytes.data() + i) & byte_words::tops;
    if (found != 0) return i + static_cast<std::size_t>(std::countr_zero(found)) / 8;
  }
  return i;
}

// Bytes of the well-formed character at the front, surrogates included; 0 if there is none.
std::size_t valid_char(std::string_view bytes) {
  const std::uint32_t lead = byte_at(bytes, 0);
  if (lead < 0x80) return 1;
  if (lead < 0xC2 || lead > 0xF4) return 0;
  const std::size_t size = char_bytes(bytes[0]);
  if (bytes.size() < size) return 0;
  for (std::size_t i = 1; i < size; ++i) {
    if (!is_continuation(bytes[i])) return 0;
  }
  const std::uint32_t second = byte_at(bytes, 1);
  const bool overlong = (lead == 0xE0 && second < 0xA0) || (lead == 0xF0 && second < 0x90);
  const bool beyond = lead == 0xF4 && second > 0x8F;
  return overlong || beyond ? 0 : size;
}

enum class Surrogates { refused, lone };

bool is_valid(std::string_view bytes, Surrogates surrogates) {
  bool after_high = false;
  while (!bytes.empty()) {
    if (const std::size_t ascii = ascii_prefix(bytes); ascii > 0) {
      bytes.remove_prefix(ascii);
      after_high = false;
      continue;
    }
    const std::size_t size = valid_char(bytes);
    if (size == 0) return false;
    const std::uint32_t c = size == surrogate_bytes ? decode(bytes) : 0;
    if (is_high_surrogate(c) || is_low_surrogate(c)) {
      if (surrogates == Surrogates::refused) return false;
      if (after_high && is_low_surrogate(c)) return false;
    }
    after_high = is_high_surrogate(c);
    bytes.remove_prefix(size);
  }
  return true;
}

// Reads a string as JavaScript holds it.
class Utf16Reader {
 public:
  explicit Utf16Reader(std::string_view rest) : rest_(rest) {}

  bool at_end() const { return rest_.empty() && low_ == 0; }
  std::uint32_t next() {
    if (low_ != 0) return std::exchange(low_, 0);
    const std::uint32_t c = decode(rest_);
    rest_.remove_prefix(char_bytes(rest_[0]));
    if (c < 0x10000) return c;
    low_ = 0xDC00 + (c & 0x3FF);
    return 0xD7C0 + (c >> 10);
  }

 private:
  std::string_view rest_;
  std::uint32_t low_ = 0;  // the second half of a character whose first was read
};

}  // namespace

bool is_utf8(std::string_view bytes) { return is_valid(bytes, Surrogates::refused); }
bool is_wtf8(std::string_view bytes) { return is_valid(bytes, Surrogates::lone); }

std::size_t count_code_points(std::string_view wtf8) {
  return wtf8.size() -
         static_cast<std::size_t>(std::count_if(wtf8.begin(), wtf8.end(), is_continuation));
}

std::size_t count_utf16(std::string_view wtf8) {
  const auto is_astral = [](char c) { return static_cast<unsigned char>(c) >= 0xF0; };
  return count_code_points(wtf8) +
         static_cast<std::size_t>(std::count_if(wtf8.begin(), wtf8.end(), is_astral));
}

bool has_lone_surrogate(std::string_view wtf8) {
  for (auto at = wtf8.find('\xED'); at != std::string_view::npos; at = wtf8.find('\xED', at + 3)) {
    if (byte_at(wtf8, at + 1) >= 0xA0) return true;
  }
  return false;
}

int compare_utf16(std::string_view a, std::string_view b) {
  const std::size_t shared = std::min(a.size(), b.size());
  auto at = static_cast<std::size_t>(std::mismatch(a.begin(), a.begin() + shared, b.begin()).first -
                                     a.begin());
  if (at == shared) return static_cast<int>(a.size() > at) - static_cast<int>(b.size() > at);
  if (char_bytes(a[at]) == 1 && char_bytes(b[at]) == 1) return a[at] < b[at] ? -1 : 1;
  while (at > 0 &&
         ((at < a.size() && is_continuation(a[at])) || (at < b.size() && is_continuation(b[at])))) {
    --at;
  }
  Utf16Reader left(a.substr(at));
  Utf16Reader right(b.substr(at));
  while (!left.at_end() && !right.at_end()) {
    const std::uint32_t x = left.next();
    const std::uint32_t y = right.next();
    if (x != y) return x < y ? -1 : 1;
  }
  return static_cast<int>(right.at_end()) - static_cast<int>(left.at_end());
}

std::uint32_t decode(std::string_view wtf8) {
  OT_ASSERT(!wtf8.empty());
  const std::size_t size = char_bytes(wtf8[0]);
  OT_ASSERT(size <= wtf8.size());
  constexpr std::uint32_t lead_bits[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
  std::uint32_t c = byte_at(wtf8, 0) & lead_bits[size];
  for (std::size_t i = 1; i < size; ++i) c = (c << 6) | (byte_at(wtf8, i) & 0x3F);
  return c;
}

void encode(std::uint32_t c, std::string& out) {
  const auto put = [&out](std::uint32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (c < 0x80) return put(c);
  if (c < 0x800) {
    put(0xC0 | (c >> 6));
  } else {
    if (c < 0x10000) {
      put(0xE0 | (c >> 12));
    } else {
      put(0xF0 | (c >> 18));
      put(0x80 | ((c >> 12) & 0x3F));
    }
    put(0x80 | ((c >> 6) & 0x3F));
  }
  put(0x80 | (c & 0x3F));
}

bool ends_with_high_surrogate(std::string_view wtf8) {
  if (wtf8.size() < surrogate_bytes) return false;
  const auto last = wtf8.substr(wtf8.size() - surrogate_bytes);
  return last[0] == '\xED' && is_high_surrogate(decode(last));
}

bool starts_with_low_surrogate(std::string_view wtf8) {
  return !wtf8.empty() && wtf8[0] == '\xED' && is_low_surrogate(decode(wtf8));
}

void append_wtf8(std::string& wtf8, std::string_view more) {
  if (ends_with_high_surrogate(wtf8) && starts_with_low_surrogate(more)) {
    const std::uint32_t high = decode(std::string_view(wtf8).substr(wtf8.size() - surrogate_bytes));
    wtf8.resize(wtf8.size() - surrogate_bytes);
    encode(0x10000 + ((high & 0x3FF) << 10) + (decode(more) & 0x3FF), wtf8);
    more.remove_prefix(surrogate_bytes);
  }
  wtf8.append(more);
}

SurrogatePair split_astral(std::string_view astral) {
  Utf16Reader reader(astral);
  SurrogatePair pair;
  encode(reader.next(), pair.high);
  OT_ASSERT(!reader.at_end());
  encode(reader.next(), pair.low);
  return pair;
}

}  // namespace segue::ot
