#include <array>
#include <utility>

#include "ot/assert.h"
#include "ot/conform/generate.h"
#include "ot/conform/generate_parts.h"
#include "ot/types/json1_parts.h"

namespace segue::conform {
namespace {

using ot::Json;
using ot::Json1;
using ot::TextUnicode;
using ot::json1::Edit;
using ot::json1::Key;
using ot::json1::Path;
using Op = Json1::Op;

constexpr std::array<std::string_view, 3> keys = {"a", "b", "0"};

Path below(Path path, Key key) {
  path.push_back(std::move(key));
  return path;
}

struct Place {
  Path path;
  Json value;
};

void collect_places(const Json& value, const Path& path, std::vector<Place>& places) {
  places.push_back({path, value});
  if (value.is_array()) {
    for (std::size_t i = 0; i < value.size(); ++i) {
      collect_places(value[i], below(path, Key(static_cast<std::int64_t>(i))), places);
    }
  } else if (value.is_object()) {
    value.for_each_member([&](std::string_view key, const Json& member) {
      collect_places(member, below(path, Key(key)), places);
    });
  }
}

std::vector<Place> places_in(const Json& doc) {
  std::vector<Place> places;
  collect_places(doc, {}, places);
  return places;
}

// Where something can be put. A root that is null counts as none.
std::vector<Path> gaps_in(const Json& doc) {
  std::vector<Path> gaps;
  if (doc.is_null()) gaps.emplace_back();
  for (const auto& [path, value] : places_in(doc)) {
    if (value.is_array()) {
      for (std::size_t i = 0; i <= value.size(); ++i) {
        gaps.push_back(below(path, Key(static_cast<std::int64_t>(i))));
      }
    } else if (value.is_object()) {
      for (const auto key : keys) {
        if (value.find(key) == nullptr) gaps.push_back(below(path, Key(key)));
      }
    }
  }
  return gaps;
}

Json without(Json doc, const Path& path) {
  OT_ASSERT(Json1::apply(doc, ot::json1::remove_op(path)).has_value());
  return doc;
}

Op in_a_row(const Op& first, const Op& second) {
  auto both = Json1::compose(first, second);
  OT_ASSERT(both.has_value());
  return std::move(*both);
}

// What replaces the thing at `path`.
Op replacement(const Path& path, const Json& value) {
  return in_a_row(ot::json1::remove_op(path), ot::json1::insert_op(path, value));
}

Edit number_edit() { return Edit{1.0}; }

}  // namespace

Json Generator<Json1>::value(std::size_t depth) {
  const std::size_t kind = random_.below(depth == 0 ? 3 : 8);
  if (kind == 0) return static_cast<double>(random_.below(3));
  if (kind == 1) return Generator<TextUnicode>(random_).doc();
  if (kind == 2) return random_.below(2) == 0 ? Json() : Json(true);
  Json container = kind % 2 == 0 ? Json::array() : Json::object();
  for (std::size_t left = random_.below(4); left > 0; --left) {
    if (container.is_array()) {
      container.push_back(value(depth - 1));
    } else {
      container.set(keys.at(random_.below(keys.size())), value(depth - 1));
    }
  }
  return container;
}

// Keys of two digits, and those whose order in UTF-16 is another one than in UTF-8, are in few.
Json Generator<Json1>::doc() {
  Json list = Json::array({value(3), value(3)});
  if (random_.below(8) == 7)
    return Json::object({{"\xEF\xBD\x9E", list[0]}, {letters[3], list[1]}});
  const std::size_t size = is_long(random_) ? long_size : list.size();
  while (list.size() < size) list.insert(0, value(0));
  return list;
}

Op Generator<Json1>::part(const Json& doc) {
  const auto gaps = gaps_in(doc);
  const std::size_t kind = random_.below(8);
  if (doc.is_null() || (kind < 2 && !gaps.empty())) {
    return ot::json1::insert_op(gaps[random_.below(gaps.size())], Json::array({value(1)}));
  }
  const auto places = places_in(doc);
  const auto& [path, value] = places[random_.below(places.size())];
  if (path.empty()) return random_.below(10) == 0 ? ot::json1::remove_op(path) : Op();
  if (kind == 2) return ot::json1::remove_op(path);
  if (kind == 3) return replacement(path, this->value(1));
  if (kind < 6) {
    const auto targets = gaps_in(without(doc, path));
    if (targets.empty()) return {};
    return ot::json1::move_op(path, targets[random_.below(targets.size())]);
  }
  if (value.is_number()) return ot::json1::edit_op(path, number_edit());
  if (!value.is_string()) return {};
  return ot::json1::edit_op(path, Edit{Generator<TextUnicode>(random_).op(value)});
}

Op Generator<Json1>::op(const Json& doc) {
  Json now = doc;
  Op op;
  for (std::size_t left = 1 + random_.below(4); left > 0; --left) {
    const Op next = part(now);
    OT_ASSERT(Json1::apply(now, next).has_value());
    op = in_a_row(op, next);
  }
  return op;
}

std::vector<Json> Generator<Json1>::tiny_docs() {
  const Json one(1);
  return {Json::array(),
          Json::array({one, Json("a")}),
          Json::array({Json::array({one}), Json::array()}),
          Json::object({{"a", one}}),
          Json::object({{"a", Json::object({{"b", one}})}, {"b", Json::object()}}),
          Json::object({{"a", Json::array({one, Json(2)})}})};
}

std::vector<Json> Generator<Json1>::all_docs(std::size_t parts) {
  std::vector<Json> docs;
  for (Json& doc : Generator<ot::Json0>::all_docs(parts)) {
    if (!doc.is_null()) docs.push_back(std::move(doc));
  }
  return docs;
}

std::vector<Op> Generator<Json1>::tiny_ops(const Json& doc) {
  std::vector<Op> ops;
  for (const Path& gap : gaps_in(doc)) {
    ops.push_back(ot::json1::insert_op(gap, Json::array()));
  }
  if (doc.is_null()) return ops;
  for (const auto& [path, value] : places_in(doc)) {
    ops.push_back(ot::json1::remove_op(path));
    ops.push_back(replacement(path, Json(7)));
    if (value.is_number()) ops.push_back(ot::json1::edit_op(path, number_edit()));
    if (value.is_string()) {
      const auto insert = TextUnicode::Op().insert(ot::Text("x"));
      ops.push_back(ot::json1::edit_op(path, Edit{insert}));
    }
    if (path.empty()) continue;
    for (const Path& target : gaps_in(without(doc, path))) {
      ops.push_back(ot::json1::move_op(path, target));
    }
  }
  return ops;
}

// Parents come before what they hold.
std::vector<Op> Generator<Json1>::cuts(const Json& doc) {
  std::vector<Op> ops;
  for (const auto& [path, value] : places_in(doc)) {
    if (!path.empty()) ops.push_back(ot::json1::remove_op(path));
    if (!value.is_string()) continue;
    for (TextUnicode::Op& cut : Generator<TextUnicode>::cuts(value)) {
      ops.push_back(ot::json1::edit_op(path, Edit{std::move(cut)}));
    }
  }
  return ops;
}

}  // namespace segue::conform
