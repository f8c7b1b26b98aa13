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

void Json::drop_shared() noexcept {
  if (is_string()) {
    std::destroy_at(&text_);
  } else if (is_array()) {
    std::destroy_at(&list_);
  } else {
    std::destroy_at(&object_);
  }
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
  edit(index, [&](Json& child) { std::swap(child, value); });
  return value;
}

const Json* Json::find(std::string_view key) const {
  return is_object() ? object_->find(JsonKeySought(key)) : nullptr;
}

void Json::set(std::string_view key, Json value) { own_object().set(key, std::move(value)); }

bool Json::add(const JsonKey& key, Json&& value) { return own_object().add(key, std::move(value)); }

std::optional<Json> Json::remove(std::string_view key) {
  auto extracted = extract(key);
  return extracted ? std::optional(std::move(extracted->value)) : std::nullopt;
}

std::optional<Json::Extracted> Json::extract(std::string_view key) {
  return own_object().extract(JsonKeySought(key));
}

std::optional<Json::Extracted> Json::extract(const JsonKey& key) {
  return own_object().extract(JsonKeySought(key));
}

void Json::restore(std::string_view key, Extracted member) {
  own_object().restore(key, std::move(member));
}

void Json::for_each_element(FunctionRef<void(const Json&)> visit) const {
  elements().for_each(visit);
}

void Json::for_each_member(FunctionRef<void(std::string_view, const Json&)> visit) const {
  OT_ASSERT(is_object());
  object_->members().for_each(
      [&](const JsonMember& member) { visit(member.key.view(), member.value); });
}

std::size_t Json::printed_other() const { return weight().printed; }

std::size_t Json::depth_below() const {
  return is_array() ? list_.summary().depth : object_->members().summary().depth;
}

std::optional<std::size_t> Json::insert_length() const {
  if (!is_object()) return std::nullopt;
  const std::size_t length = object_->members().summary().insert_length;
  return length == no_insert ? std::nullopt : std::optional(length);
}

JsonChild::JsonChild(Json& parent, std::size_t index) : parent_(&parent), place_(index) {
  if (!parent.is_array() || index >= parent.list_.size()) return;
  child_ = &parent.list_.open(index);
  before_ = child_->weight();
}

JsonChild::JsonChild(Json& parent, std::string_view key) : JsonChild(parent, JsonKeySought(key)) {}

JsonChild::JsonChild(Json& parent, const JsonKey& key) : JsonChild(parent, JsonKeySought(key)) {}

JsonChild::JsonChild(Json& parent, const JsonKeySought& key) : parent_(&parent) {
  if (!parent.is_object()) return;
  place_ = parent.object_->place(key);
  if (place_ == parent.object_->size()) return;
  JsonMember& member = parent.object_.edit().open(place_);
  child_ = &member.value;
  member_ = &member;
  before_ = JsonMemberTraits::weight(member);
}

void JsonChild::update_parent() const {
  const Json::Weight after =
      member_ != nullptr ? JsonMemberTraits::weight(*member_) : child_->weight();
  if (after == before_) return;
  const bool is_only_longer =
      after.depth == before_.depth && after.insert_length == before_.insert_length;
  const auto lengthen = [more = after.printed - before_.printed](auto& sum) {
    sum.printed += more;
  };
  if (member_ == nullptr && is_only_longer) {
    parent_->list_.close(place_, lengthen);
  } else if (member_ == nullptr) {
    parent_->list_.close(place_, JsonElementTraits::summary(before_),
                         JsonElementTraits::summary(after));
  } else if (is_only_longer) {
    parent_->object_.sole().close(place_, lengthen);
  } else {
    parent_->object_.sole().close(place_, JsonMemberTraits::summary(*member_, before_),
                                  JsonMemberTraits::summary(*member_, after));
  }
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
