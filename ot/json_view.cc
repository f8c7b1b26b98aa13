#include "ot/json_view.h"

#include "ot/byte_words.h"

namespace segue::ot {

std::string_view JsonView::string(std::string& room) const {
  if (on_tape()) return token().string();
  if (const auto flat = json().text().flat()) return *flat;
  room = json().str();
  return room;
}

std::string JsonView::str() const {
  return on_tape() ? std::string(token().string()) : json().str();
}

std::size_t JsonView::length(Unit unit) const {
  if (!on_tape()) return json().text().length(unit);
  const std::string_view wtf8 = token().string();
  return unit == Unit::utf16 ? count_utf16(wtf8) : count_code_points(wtf8);
}

JsonView JsonView::find(std::string_view key) const {
  if (!on_tape()) {
    const Json* found = json().find(key);
    return found != nullptr ? JsonView(*found) : JsonView();
  }
  if (token().kind != Json::Kind::object) return {};
  const JsonToken* at = &token() + 1;
  for (std::size_t i = 0; i < token().size; ++i, at = at[1].next()) {
    if (byte_words::are_equal(at->string(), key)) return JsonView(at[1]);
  }
  return {};
}

}  // namespace segue::ot
