// A second reader and printer of JSON, written from RFC 8259 and as plainly as possible: slow, on a
// string of UTF-16 units, recursive. What ot/json_text.h is compared with.
#pragma once

#include <cmath>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ot/json_text.h"
#include "tests/fuzz/utf16.h"

namespace segue::fuzz {

struct PlainJson {
  enum class Kind { null, boolean, number, string, array, object };
  Kind kind = Kind::null;
  bool boolean = false;
  double number = 0;
  std::u16string string;
  std::vector<PlainJson> elements;   // or the values of members
  std::vector<std::u16string> keys;  // of the members, as they came
};

class StrictReader {
 public:
  StrictReader(std::u16string text, const ot::JsonLimits& limits)
      : text_(std::move(text)), limits_(limits) {}

  // The whole text as one value; nothing if it is to be refused.
  std::optional<PlainJson> read() {
    skip_space();
    auto value = read_value(0);
    skip_space();
    if (at_ != text_.size()) return std::nullopt;
    return value;
  }

 private:
  using Value = std::optional<PlainJson>;

  bool take(std::u16string_view wanted) {
    if (text_.compare(at_, wanted.size(), wanted) != 0) return false;
    at_ += wanted.size();
    return true;
  }
  bool is_next(char16_t unit) const { return at_ < text_.size() && text_[at_] == unit; }
  bool is_digit_next() const {
    return at_ < text_.size() && text_[at_] >= u'0' && text_[at_] <= u'9';
  }
  void skip_space() {
    while (is_next(u' ') || is_next(u'\t') || is_next(u'\n') || is_next(u'\r')) ++at_;
  }

  Value read_value(std::size_t depth) {
    PlainJson value;
    if (take(u"null")) return value;
    if (is_next(u't') || is_next(u'f')) {
      value.kind = PlainJson::Kind::boolean;
      value.boolean = is_next(u't');
      return take(value.boolean ? u"true" : u"false") ? Value(value) : std::nullopt;
    }
    if (is_next(u'"')) {
      value.kind = PlainJson::Kind::string;
      auto string = read_string();
      if (!string) return std::nullopt;
      value.string = std::move(*string);
      return value;
    }
    if (is_next(u'[') || is_next(u'{')) {
      if (depth == limits_.depth_max) return std::nullopt;
      return is_next(u'[') ? read_array(depth + 1) : read_object(depth + 1);
    }
    return read_number();
  }

  Value read_array(std::size_t depth) {
    PlainJson array;
    array.kind = PlainJson::Kind::array;
    take(u"[");
    skip_space();
    if (take(u"]")) return array;
    while (true) {
      skip_space();
      auto element = read_value(depth);
      if (!element) return std::nullopt;
      array.elements.push_back(std::move(*element));
      skip_space();
      if (take(u"]")) return array;
      if (!take(u",")) return std::nullopt;
    }
  }

  Value read_object(std::size_t depth) {
    PlainJson object;
    object.kind = PlainJson::Kind::object;
    take(u"{");
    skip_space();
    if (take(u"}")) return object;
    while (true) {
      skip_space();
      if (!is_next(u'"')) return std::nullopt;
      auto key = read_string();
      if (!key || wtf8_of(*key).size() > limits_.key_bytes_max) return std::nullopt;
      for (const auto& other : object.keys) {
        if (other == *key) return std::nullopt;
      }
      skip_space();
      if (!take(u":")) return std::nullopt;
      skip_space();
      auto value = read_value(depth);
      if (!value) return std::nullopt;
      object.keys.push_back(std::move(*key));
      object.elements.push_back(std::move(*value));
      if (object.keys.size() > limits_.keys_max) return std::nullopt;
      skip_space();
      if (take(u"}")) return object;
      if (!take(u",")) return std::nullopt;
    }
  }

  std::optional<std::u16string> read_string() {
    std::u16string string;
    for (take(u"\""); !take(u"\"");) {
      if (at_ == text_.size() || text_[at_] < 0x20) return std::nullopt;
      if (!take(u"\\")) {
        string += text_[at_++];
        continue;
      }
      if (at_ == text_.size()) return std::nullopt;
      const char16_t escape = text_[at_++];
      if (escape == u'u') {
        auto unit = read_hex();
        if (!unit) return std::nullopt;
        string += *unit;
        continue;
      }
      const std::size_t which = std::u16string_view(u"\"\\/bfnrt").find(escape);
      if (which == std::u16string_view::npos) return std::nullopt;
      string += u"\"\\/\b\f\n\r\t"[which];
    }
    return string;
  }

  std::optional<char16_t> read_hex() {
    unsigned unit = 0;
    for (int i = 0; i < 4; ++i) {
      if (at_ == text_.size()) return std::nullopt;
      const char16_t digit = text_[at_++];
      const std::size_t value =
          std::u16string_view(u"0123456789abcdef0123456789ABCDEF").find(digit);
      if (value == std::u16string_view::npos) return std::nullopt;
      unit = unit << 4 | value % 16;
    }
    return static_cast<char16_t>(unit);
  }

  bool take_digits() {
    if (!is_digit_next()) return false;
    while (is_digit_next()) ++at_;
    return true;
  }

  Value read_number() {
    const std::size_t begin = at_;
    take(u"-");
    if (!take(u"0") && !take_digits()) return std::nullopt;
    if (take(u".") && !take_digits()) return std::nullopt;
    if (take(u"e") || take(u"E")) {
      if (!take(u"+")) take(u"-");
      if (!take_digits()) return std::nullopt;
    }
    PlainJson value;
    value.kind = PlainJson::Kind::number;
    const std::string digits(text_.begin() + static_cast<std::ptrdiff_t>(begin),
                             text_.begin() + static_cast<std::ptrdiff_t>(at_));
    value.number = std::strtod(digits.c_str(), nullptr);  // In the "C" locale.
    return std::isfinite(value.number) ? Value(value) : std::nullopt;
  }

  std::u16string text_;
  const ot::JsonLimits& limits_;
  std::size_t at_ = 0;
};

// Whether an object's key is one that JavaScript orders by number.
inline std::optional<std::uint32_t> array_index(const std::u16string& key) {
  if (key.empty() || key.size() > 10 || (key[0] == u'0' && key.size() > 1)) return std::nullopt;
  std::uint64_t index = 0;
  for (const char16_t digit : key) {
    if (digit < u'0' || digit > u'9') return std::nullopt;
    index = index * 10 + (digit - u'0');
  }
  return index < 0xFFFFFFFF ? std::optional(static_cast<std::uint32_t>(index)) : std::nullopt;
}

}  // namespace segue::fuzz
