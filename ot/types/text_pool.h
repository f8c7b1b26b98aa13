// TextPool: all the text that an op inserts or deletes, in one piece.
//
// A short one stands in the value itself: composing short ops writes one each time, and neither
// memory of its own nor counting what is in it would be paid back. A long one is shared.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "ot/text.h"

namespace segue::ot {

class TextPool {
 public:
  TextPool() noexcept = default;
  // Whether so many bytes stand in the value itself.
  static constexpr bool holds(std::size_t bytes) { return bytes <= short_bytes_max; }
  explicit TextPool(const Text& text);
  // REQUIRES: `utf8` is well-formed and has so many code points.
  TextPool(std::string_view utf8, std::size_t length) {
    if (holds(utf8.size())) {
      bytes_ = static_cast<std::uint8_t>(utf8.size());
      length_ = static_cast<std::uint8_t>(length);
      std::memcpy(short_.data(), utf8.data(), utf8.size());
    } else {
      long_ = Text(utf8);
    }
  }

  void append(const Text& tail);

  bool empty() const noexcept { return bytes_ == 0 && long_.empty(); }
  // In code points.
  std::size_t length() const noexcept {
    return is_long() ? long_.length(Unit::code_point) : length_;
  }
  std::size_t bytes() const noexcept { return is_long() ? long_.bytes() : bytes_; }
  bool is_long() const noexcept { return !long_.empty(); }
  const Text& long_text() const noexcept { return long_; }  // empty unless is_long()
  // Of a short one; valid while this is.
  std::string_view view() const noexcept { return {short_.data(), bytes_}; }
  // The same with zeros behind.
  const auto& padded() const noexcept { return short_; }
  Text text() const { return is_long() ? long_ : Text(view()); }

  bool operator==(const TextPool& other) const {
    return view() == other.view() && long_ == other.long_;
  }

 private:
  static constexpr std::size_t short_bytes_max = 30;

  Text long_;  // or else the rest
  std::uint8_t bytes_ = 0;
  std::uint8_t length_ = 0;
  std::array<char, short_bytes_max> short_{};
};

}  // namespace segue::ot
