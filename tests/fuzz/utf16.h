// Strings as JavaScript has them, converted byte by byte: the slow model that ot/utf8.h and
// ot/text.h are compared with.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace segue::fuzz {

enum class Lone { refused, allowed };

inline bool is_high(std::uint32_t unit) { return unit >= 0xD800 && unit <= 0xDBFF; }
inline bool is_low(std::uint32_t unit) { return unit >= 0xDC00 && unit <= 0xDFFF; }

// Nothing if the bytes are not UTF-8; with Lone::allowed, WTF-8.
inline std::optional<std::u16string> utf16_of(std::string_view bytes, Lone lone) {
  std::u16string units;
  bool high_triple_before = false;
  for (std::size_t at = 0; at < bytes.size();) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
    const unsigned lead = byte(at);
    std::size_t size = 1;
    if ((lead & 0xE0) == 0xC0)
      size = 2;
    else if ((lead & 0xF0) == 0xE0)
      size = 3;
    else if ((lead & 0xF8) == 0xF0)
      size = 4;
    else if (lead >= 0x80)
      return std::nullopt;
    if (at + size > bytes.size()) return std::nullopt;
    std::uint32_t point = size == 1 ? lead : lead & (0x7FU >> size);
    for (std::size_t i = 1; i < size; ++i) {
      if ((byte(at + i) & 0xC0) != 0x80) return std::nullopt;
      point = point << 6 | (byte(at + i) & 0x3FU);
    }
    const std::uint32_t least[] = {0, 0x80, 0x800, 0x10000};
    if (point < least[size - 1] || point > 0x10FFFF) return std::nullopt;
    const bool surrogate = is_high(point) || is_low(point);
    if (surrogate && lone == Lone::refused) return std::nullopt;
    if (high_triple_before && is_low(point)) return std::nullopt;  // It is one character.
    high_triple_before = is_high(point);
    if (point >= 0x10000) {
      units.push_back(static_cast<char16_t>(0xD800 + ((point - 0x10000) >> 10)));
      units.push_back(static_cast<char16_t>(0xDC00 + ((point - 0x10000) & 0x3FF)));
    } else {
      units.push_back(static_cast<char16_t>(point));
    }
    at += size;
  }
  return units;
}

// The character that begins at a unit: one unit, or a pair of surrogates.
inline std::size_t units_at(const std::u16string& units, std::size_t at) {
  return is_high(units[at]) && at + 1 < units.size() && is_low(units[at + 1]) ? 2 : 1;
}

inline std::size_t code_points(const std::u16string& units) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < units.size(); at += units_at(units, at)) ++count;
  return count;
}

// Where the code point of this number begins; the end if there are no more.
inline std::size_t unit_of_point(const std::u16string& units, std::size_t point) {
  std::size_t at = 0;
  for (; point > 0 && at < units.size(); --point) at += units_at(units, at);
  return at;
}

inline bool has_lone(const std::u16string& units) {
  for (std::size_t at = 0; at < units.size(); at += units_at(units, at)) {
    if (units_at(units, at) == 1 && (is_high(units[at]) || is_low(units[at]))) return true;
  }
  return false;
}

inline std::string wtf8_of(const std::u16string& units) {
  std::string bytes;
  const auto put = [&](std::uint32_t byte) { bytes.push_back(static_cast<char>(byte)); };
  for (std::size_t at = 0; at < units.size(); at += units_at(units, at)) {
    std::uint32_t point = units[at];
    if (units_at(units, at) == 2) {
      point = 0x10000 + ((point - 0xD800U) << 10) + (units[at + 1] - 0xDC00U);
    }
    if (point < 0x80) {
      put(point);
    } else if (point < 0x800) {
      put(0xC0 | point >> 6);
      put(0x80 | (point & 0x3F));
    } else if (point < 0x10000) {
      put(0xE0 | point >> 12);
      put(0x80 | (point >> 6 & 0x3F));
      put(0x80 | (point & 0x3F));
    } else {
      put(0xF0 | point >> 18);
      put(0x80 | (point >> 12 & 0x3F));
      put(0x80 | (point >> 6 & 0x3F));
      put(0x80 | (point & 0x3F));
    }
  }
  return bytes;
}

// As JSON.stringify prints it.
inline std::string quoted(const std::u16string& units) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string text = "\"";
  for (std::size_t at = 0; at < units.size(); at += units_at(units, at)) {
    const char16_t unit = units[at];
    const std::size_t short_escape = std::u16string_view(u"\b\t\n\f\r\"\\").find(unit);
    const bool is_lone = units_at(units, at) == 1 && (is_high(unit) || is_low(unit));
    if (short_escape != std::u16string_view::npos) {
      text += '\\';
      text += "btnfr\"\\"[short_escape];
    } else if (unit < 0x20 || is_lone) {
      text += "\\u";
      for (int shift = 12; shift >= 0; shift -= 4) text += digits[unit >> shift & 15];
    } else {
      text += wtf8_of(units.substr(at, units_at(units, at)));
    }
  }
  return text + '"';
}

}  // namespace segue::fuzz
