#include "ot/json.h"

#include <algorithm>
#include <cmath>
#include <span>

#include "ot/assert.h"
#include "ot/json_list.h"
#include "ot/json_object.h"
#include "ot/json_text.h"

namespace segue::ot {
namespace {

std::uint8_t printed_number_bytes(double value) {
  if (value >= 0 && value < 10'000 && value == std::trunc(value)) {  // Most are.
    return value < 10 ? 1 : value < 100 ? 2 : value < 1000 ? 3 : 4;
  }
  std::string text;  // At most 25 bytes; most fit without an allocation.
  print_json_number(value, text);
  return static_cast<std::uint8_t>(text.size());
}

bool equal_lists(const CowTree<JsonElementTraits>& a, const CowTree<JsonElementTraits>& b) {
  if (a.is_same(b)) return true;
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size();) {
    const auto left = a.run(i);
    const auto right = b.run(i);
    const std::size_t n = std::min(left.size(), right.size());
    if (left.data() != right.data() && !std::ranges::equal(left.first(n), right.first(n))) {
      return false;
    }
    i += n;
  }
  return true;
}

}  // namespace

Json::Json(double value)
    : kind_(Kind::number), number_printed_(printed_number_bytes(value)), number_(value) {
  OT_ASSERT(std::isfinite(value));
}

Json Json::array(std::vector<Json> elements) { return Json(List::build(std::span(elements))); }

Json Json::object(std::vector<std::pair<std::string, Json>> members) {
  auto member = members.begin();
  return Json(JsonObject::generate(members.size(), [&] {
    JsonMember made{JsonKey(member->first), std::move(member->second)};
    ++member;
    return made;
  }));
}

bool Json::boolean() const {
  OT_ASSERT(is_bool());
  return boolean_;
}

double Json::number() const {
  OT_ASSERT(is_number());
  return number_;
}

const Text& Json::text() const {
  OT_ASSERT(is_string());
  return text_;
}

const CowTree<JsonElementTraits>& Json::elements() const {
  OT_ASSERT(is_array());
  return list_;
}

Json::List& Json::own_list() {
  OT_ASSERT(is_array());
  return list_;
}

JsonObject& Json::own_object() {
  OT_ASSERT(is_object());
  return object_.edit();
}

Text& Json::own_text() {
  OT_ASSERT(is_string());
  return text_;
}

std::size_t Json::size() const {
  OT_ASSERT(is_array() || is_object());
  return is_array() ? list_.size() : object_->size();
}

const Json& Json::operator[](std::size_t index) const { return elements().at(index); }

void Json::insert(std::size_t index, Json value) { own_list().insert(index, std::move(value)); }

Json Json::erase(std::size_t index) { return own_list().erase(index); }

Json Json::replace(std::size_t index, Json value) {
  edit_child(index, [&](Json& child) { std::swap(child, value); });
  return value;
}

const Json* Json::find(std::string_view key) const {
  return is_object() ? object_->find(key) : nullptr;
}

void Json::set(std::string_view key, Json value) { own_object().set(key, std::move(value)); }

std::optional<Json> Json::remove(std::string_view key) { return own_object().remove(key); }

void Json::edit_child(std::size_t index, FunctionRef<void(Json&)> edit) {
  own_list().edit(index, edit);
}

void Json::edit_child(std::string_view key, FunctionRef<void(Json&)> edit) {
  own_object().edit(key, edit);
}

void Json::for_each_element(FunctionRef<void(const Json&)> visit) const {
  elements().for_each(visit);
}

void Json::for_each_member(FunctionRef<void(std::string_view, const Json&)> visit) const {
  OT_ASSERT(is_object());
  object_->members().for_each(
      [&](const JsonMember& member) { visit(member.key.view(), member.value); });
}

std::size_t Json::printed_other() const {
  switch (kind_) {
    case Kind::boolean:
      return boolean_ ? 4 : 5;
    case Kind::array: {
      const std::size_t commas = list_.empty() ? 0 : list_.size() - 1;
      return list_.summary().printed + commas + 2;
    }
    case Kind::object:
      return object_->printed_bytes();
    default:
      return 4;  // null
  }
}

std::size_t Json::depth_below() const {
  return is_array() ? list_.summary().depth : object_->members().summary().depth;
}

std::optional<std::size_t> Json::insert_length() const {
  if (!is_object()) return std::nullopt;
  const std::size_t length = object_->members().summary().insert_length;
  return length == JsonMemberTraits::no_insert ? std::nullopt : std::optional(length);
}

bool operator==(const Json& a, const Json& b) {
  if (a.kind_ != b.kind_) return false;
  switch (a.kind_) {
    case Json::Kind::null:
      return true;
    case Json::Kind::boolean:
      return a.boolean_ == b.boolean_;
    case Json::Kind::number:
      return a.number_ == b.number_;
    case Json::Kind::string:
      return a.text_ == b.text_;
    case Json::Kind::array:
      return equal_lists(a.list_, b.list_);
    case Json::Kind::object:
      return a.object_ == b.object_ || *a.object_ == *b.object_;
  }
  return false;
}

}  // namespace segue::ot
