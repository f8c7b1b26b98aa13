// JsonKey: the name of an object's member; short ones stand in place, long ones are shared.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <variant>

#include "ot/cow.h"
#include "ot/text_node.h"

namespace segue::ot {

class JsonKey {
 public:
  JsonKey() = default;
  // REQUIRES: `wtf8` is well-formed.
  explicit JsonKey(std::string_view wtf8);

  // Valid while this key stands where it is.
  std::string_view view() const {
    if (const auto* brief = std::get_if<Short>(&key_)) return {brief->chars.data(), brief->size};
    return std::get<Cow<TextChunk>>(key_)->view();
  }
  // As a JSON string, with its quotes.
  std::size_t printed_bytes() const {
    if (const auto* brief = std::get_if<Short>(&key_)) return brief->printed + std::size_t{2};
    return std::get<Cow<TextChunk>>(key_)->counts().printed + 2;
  }

 private:
  struct Short {
    std::uint8_t size;
    std::uint8_t printed;  // without the quotes: at most six bytes for one
    std::array<char, 21> chars;
  };
  std::variant<Short, Cow<TextChunk>> key_;
};

}  // namespace segue::ot
