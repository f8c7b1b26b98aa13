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

bool JsonView::equals(const Json& other) const {
  if (!on_tape()) return json() == other;
  if (kind() != other.kind()) return false;
  switch (kind()) {
    case Json::Kind::null:
      return true;
    case Json::Kind::boolean:
      return boolean() == other.boolean();
    case Json::Kind::number:
      return number() == other.number();
    case Json::Kind::string:
      return other.text() == token().string();
    case Json::Kind::array:
      return has_equal_elements(other);
    case Json::Kind::object:
      return has_equal_members(other);
  }
  return false;
}

bool JsonView::has_equal_elements(const Json& other) const {
  if (size() != other.size()) return false;
  auto element = elements().begin();
  bool are_equal = true;
  other.for_each_element(
      [&](const Json& theirs) { are_equal = are_equal && (*element++).equals(theirs); });
  return are_equal;
}

bool JsonView::has_equal_members(const Json& other) const {
  if (size() != other.size()) return false;
  bool are_equal = true;
  for_each_member([&](std::string_view key, JsonView value) {
    const Json* theirs = are_equal ? other.find(key) : nullptr;
    are_equal = theirs != nullptr && value.equals(*theirs);
  });
  return are_equal;
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
