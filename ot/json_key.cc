#include "ot/json_key.h"

#include <algorithm>

namespace segue::ot {

JsonKey::JsonKey(std::string_view wtf8) {
  auto& brief = std::get<Short>(key_);
  if (wtf8.size() > brief.chars.size()) {
    key_ = TextChunk::make(wtf8);
    return;
  }
  brief.size = static_cast<std::uint8_t>(wtf8.size());
  brief.printed = static_cast<std::uint8_t>(count_text(wtf8).printed);
  std::copy(wtf8.begin(), wtf8.end(), brief.chars.begin());
}

}  // namespace segue::ot
