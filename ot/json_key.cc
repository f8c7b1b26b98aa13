#include "ot/json_key.h"

#include <algorithm>

namespace segue::ot {

JsonKey::JsonKey(std::string_view wtf8) {
  Short brief{};
  if (wtf8.size() > brief.chars.size()) {
    key_ = TextChunk::make(wtf8);
    return;
  }
  brief.size = static_cast<std::uint8_t>(wtf8.size());
  brief.printed = static_cast<std::uint8_t>(count_text(wtf8).printed);
  std::copy(wtf8.begin(), wtf8.end(), brief.chars.begin());
  key_ = brief;
}

std::string_view JsonKey::view() const {
  if (const auto* brief = std::get_if<Short>(&key_)) return {brief->chars.data(), brief->size};
  return std::get<Cow<TextChunk>>(key_)->view();
}

std::size_t JsonKey::printed_bytes() const {
  if (const auto* brief = std::get_if<Short>(&key_)) return brief->printed + std::size_t{2};
  return std::get<Cow<TextChunk>>(key_)->counts().printed + 2;
}

}  // namespace segue::ot
