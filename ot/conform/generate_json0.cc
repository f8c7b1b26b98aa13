#include <utility>

#include "ot/assert.h"
#include "ot/conform/generate.h"
#include "ot/conform/generate_parts.h"

namespace segue::conform {

using ot::Json;
using ot::Json0;
using ot::Text0;

namespace {

constexpr std::array keys = {"a", "b", "0"};

Json0::Component old_string_edit(Json0::Path path, const Text0::Component& edit) {
  if (const auto* insert = std::get_if<Text0::Insert>(&edit)) {
    path.emplace_back(static_cast<Json0::Index>(insert->position));
    return {path, Json0::StringInsert{insert->text}};
  }
  const auto& deletion = std::get<Text0::Delete>(edit);
  path.emplace_back(static_cast<Json0::Index>(deletion.position));
  return {path, Json0::StringDelete{deletion.text}};
}

Json0::Path below(Json0::Path path, Json0::PathElement element) {
  path.push_back(std::move(element));
  return path;
}

// A place in a document.
struct Place {
  Json0::Path path;
  Json value;
};

void collect_places(const Json& value, const Json0::Path& path, std::vector<Place>& places) {
  places.push_back({path, value});
  if (value.is_array()) {
    for (std::size_t i = 0; i < value.size(); ++i) {
      collect_places(value[i], below(path, static_cast<Json0::Index>(i)), places);
    }
  } else if (value.is_object()) {
    value.for_each_member([&](std::string_view key, const Json& member) {
      collect_places(member, below(path, std::string(key)), places);
    });
  }
}

std::vector<Place> places_in(const Json& doc) {
  std::vector<Place> places;
  collect_places(doc, {}, places);
  return places;
}

// All components that edit the list, object, string or number at `place`.
std::vector<Json0::Component> all_components_at(const Place& place, const Json& inserted) {
  std::vector<Json0::Component> all;
  const auto& [path, value] = place;
  if (value.is_array()) {
    const auto size = static_cast<Json0::Index>(value.size());
    for (Json0::Index at = 0; at <= size; ++at) {
      all.push_back({below(path, at), Json0::ListEdit{std::nullopt, inserted}});
      if (at == size) break;
      const Json& old = value[static_cast<std::size_t>(at)];
      all.push_back({below(path, at), Json0::ListEdit{old, std::nullopt}});
      all.push_back({below(path, at), Json0::ListEdit{old, inserted}});
      for (Json0::Index to = 0; to < size; ++to) {
        all.push_back({below(path, at), Json0::ListMove{to}});
      }
    }
  } else if (value.is_object()) {
    for (const std::string key : {"a", "b"}) {
      const Json* old = value.find(key);
      if (old == nullptr) {
        all.push_back({below(path, key), Json0::ObjectEdit{std::nullopt, inserted}});
      } else {
        all.push_back({below(path, key), Json0::ObjectEdit{*old, std::nullopt}});
        all.push_back({below(path, key), Json0::ObjectEdit{*old, inserted}});
      }
    }
  } else if (value.is_string()) {
    for (const auto& edit : all_text0_components(value.text())) {
      all.push_back({path, Json0::TextEdit{{edit}}});
    }
  } else if (value.is_number()) {
    all.push_back({path, Json0::NumberAdd{1}});
  }
  return all;
}

// All JSON values of so many values: containers count with what is in them.
std::vector<Json> all_values(std::size_t parts);

// All lists whose elements are so many values together.
std::vector<Json> all_lists(std::size_t parts) {
  if (parts == 0) return {Json::array()};
  std::vector<Json> lists;
  for (std::size_t first = 1; first <= parts; ++first) {
    for (const Json& rest : all_lists(parts - first)) {
      for (const Json& value : all_values(first)) {
        lists.push_back(rest);
        lists.back().insert(0, value);
      }
    }
  }
  return lists;
}

// The same of objects, whose keys are a, b or both.
std::vector<Json> all_objects(std::size_t parts) {
  if (parts == 0) return {Json::object()};
  std::vector<Json> objects;
  for (const Json& value : all_values(parts)) {
    objects.push_back(Json::object({{"a", value}}));
    objects.push_back(Json::object({{"b", value}}));
  }
  for (std::size_t first = 1; first < parts; ++first) {
    for (const Json& a : all_values(first)) {
      for (const Json& b : all_values(parts - first)) {
        objects.push_back(Json::object({{"a", a}, {"b", b}}));
      }
    }
  }
  return objects;
}

std::vector<Json> all_values(std::size_t parts) {
  if (parts == 0) return {};
  std::vector<Json> values;
  if (parts == 1) values = {Json(1), Json("ab")};
  for (auto& list : all_lists(parts - 1)) values.push_back(std::move(list));
  for (auto& object : all_objects(parts - 1)) values.push_back(std::move(object));
  return values;
}

}  // namespace

Json Generator<Json0>::value(std::size_t depth) {
  const std::size_t kind = random_.below(depth == 0 ? 3 : 5);
  if (kind == 0) return static_cast<double>(random_.below(3));
  if (kind == 1) return Json(letters_of(random_, 3));
  if (kind == 2) return random_.below(2) == 0 ? Json() : Json(true);
  Json container = kind == 3 ? Json::array() : Json::object();
  for (std::size_t left = random_.below(4); left > 0; --left) {
    if (kind == 3) {
      container.push_back(value(depth - 1));
    } else {
      container.set(keys.at(random_.below(keys.size())), value(depth - 1));
    }
  }
  return container;
}

Json Generator<Json0>::doc() {
  if (!is_long(random_)) return value(3);
  Json list = Json::array();
  while (list.size() < long_size) list.push_back(value(0));
  return list;
}

Json0::Component Generator<Json0>::component(const Json& doc) {
  const auto places = places_in(doc);
  const Place& place = places[random_.below(places.size())];
  if (place.value.is_string()) {
    const auto edit = text0_component(random_, place.value.text());
    if (old_strings_) return old_string_edit(place.path, edit);
    return {place.path, Json0::TextEdit{{edit}}};
  }
  const auto all = all_components_at(place, value(1));
  if (!all.empty()) return all[random_.below(all.size())];
  return {{}, Json0::ObjectEdit{doc, value(2)}};
}

Json0::Op Generator<Json0>::op(const Json& doc) {
  Json now = doc;
  Json0::Op op;
  for (std::size_t left = 1 + random_.below(3); left > 0; --left) {
    op.push_back(component(now));
    OT_ASSERT(Json0::apply(now, {op.back()}).has_value());
  }
  return op;
}

std::vector<Json> Generator<Json0>::tiny_docs() {
  const Json one(1);
  const Json two(2);
  return {one,
          Json("ab"),
          Json::array(),
          Json::array({one}),
          Json::array({one, two}),
          Json::array({one, two, Json("ab")}),
          Json::array({Json::array({one, two}), Json::array()}),
          Json::object(),
          Json::object({{"a", one}}),
          Json::object({{"a", one}, {"b", two}}),
          Json::object({{"a", Json::object({{"a", one}})}, {"b", Json::array({one})}})};
}

std::vector<Json> Generator<Json0>::all_docs(std::size_t parts) { return all_values(parts); }

std::vector<Json0::Op> Generator<Json0>::tiny_ops(const Json& doc) {
  std::vector<Json0::Op> ops;
  ops.push_back({{{}, Json0::ObjectEdit{doc, Json(7)}}});
  for (const Place& place : places_in(doc)) {
    for (auto& component : all_components_at(place, Json(7))) ops.push_back({std::move(component)});
  }
  return ops;
}

std::vector<Json0::Op> Generator<Json0>::cuts(const Json& doc) {
  std::vector<Json0::Op> ops;
  for (const auto& [path, value] : places_in(doc)) {
    if (value.is_string()) {
      for (auto& edit : text0_cuts(value.text())) ops.push_back({{path, Json0::TextEdit{{edit}}}});
    } else if (!path.empty()) {
      const bool in_list = std::holds_alternative<Json0::Index>(path.back());
      ops.push_back({{path, in_list ? Json0::Instruction(Json0::ListEdit{value, std::nullopt})
                                    : Json0::ObjectEdit{value, std::nullopt}}});
    }
  }
  return ops;
}

}  // namespace segue::conform
