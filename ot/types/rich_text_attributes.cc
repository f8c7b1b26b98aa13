#include "ot/types/rich_text_attributes.h"

#include <utility>

namespace segue::ot::rich_text {
namespace {

const Json* find(const Attributes& attributes, std::string_view key) {
  return attributes ? attributes->find(key) : nullptr;
}

template <class Visit>
void for_each(const Attributes& attributes, Visit visit) {
  if (attributes) attributes->for_each_member(visit);
}

bool has_null(const Attributes& attributes) {
  bool has = false;
  for_each(attributes, [&](std::string_view, const Json& value) { has = has || value.is_null(); });
  return has;
}

// Whether each of `others` is in `attributes`, too, with whatever value.
bool has_all(const Attributes& attributes, const Attributes& others) {
  bool has = true;
  for_each(others, [&](std::string_view key, const Json&) { has = has && find(attributes, key); });
  return has;
}

Attributes unless_empty(Json attributes) {
  return attributes.size() == 0 ? std::nullopt : Attributes(std::move(attributes));
}

// The reference compares what JavaScript calls identical: an object is so to no other one.
bool is_identical(const Json* a, const Json* b) {
  if (a == nullptr || b == nullptr) return a == b;
  return !a->is_object() && !a->is_array() && *a == *b;
}

}  // namespace

Attributes compose(const Attributes& first, const Attributes& second, Nulls nulls) {
  if (!second) return first ? unless_empty(*first) : std::nullopt;
  if ((nulls == Nulls::keep || !has_null(second)) && has_all(second, first)) {
    return unless_empty(*second);
  }
  Json composed = Json::object();
  for_each(second, [&](std::string_view key, const Json& value) {
    if (nulls == Nulls::keep || !value.is_null()) composed.set(key, value);
  });
  for_each(first, [&](std::string_view key, const Json& value) {
    if (find(second, key) == nullptr) composed.set(key, value);
  });
  return unless_empty(std::move(composed));
}

Attributes without(const Attributes& attributes, const Attributes& other) {
  if (!other || !attributes) return other ? std::nullopt : attributes;
  Json rest = Json::object();
  for_each(attributes, [&](std::string_view key, const Json& value) {
    if (find(other, key) == nullptr) rest.set(key, value);
  });
  return unless_empty(std::move(rest));
}

Attributes difference(const Attributes& from, const Attributes& to) {
  Json changes = Json::object();
  for_each(from, [&](std::string_view key, const Json& value) {
    const Json* now = find(to, key);
    if (now == nullptr) {
      changes.set(key, Json());
    } else if (*now != value) {
      changes.set(key, *now);
    }
  });
  for_each(to, [&](std::string_view key, const Json& value) {
    if (find(from, key) == nullptr) changes.set(key, value);
  });
  return unless_empty(std::move(changes));
}

Attributes inverse(const Attributes& attributes, const Attributes& base) {
  Json undone = Json::object();
  for_each(base, [&](std::string_view key, const Json& value) {
    const Json* set = find(attributes, key);
    if (set != nullptr && !is_identical(&value, set)) undone.set(key, value);
  });
  for_each(attributes, [&](std::string_view key, const Json&) {
    if (find(base, key) == nullptr) undone.set(key, Json());
  });
  return unless_empty(std::move(undone));
}

}  // namespace segue::ot::rich_text
