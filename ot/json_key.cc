#include "ot/json_key.h"

#include <algorithm>

namespace segue::ot {

JsonKey::JsonKey(std::string_view wtf8) : JsonKey() {
  if (wtf8.size() > brief_max) {
    std::construct_at(&shared_, Shared{not_brief, TextChunk::make(wtf8)});
    return;
  }
  brief_.size = static_cast<std::uint8_t>(wtf8.size());
  brief_.printed =
      is_plain(wtf8) ? brief_.size : static_cast<std::uint8_t>(count_text(wtf8).printed);
  std::copy(wtf8.begin(), wtf8.end(), brief_.chars.begin());
}

}  // namespace segue::ot
