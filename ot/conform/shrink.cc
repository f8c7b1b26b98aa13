#include "ot/conform/shrink.h"

#include <cmath>
#include <optional>
#include <string>
#include <utility>

#include "ot/conform/generate_parts.h"
#include "ot/conformance.h"

namespace segue::conform {
namespace {

using ot::Json;
using ot::Unit;

void add_shorter_texts(const ot::Text& text, std::vector<Json>& all) {
  for (const auto& [from, count] : spans_of(text.length(Unit::code_point))) {
    ot::Text shorter = text;
    shorter.erase(from, count, Unit::code_point);
    all.push_back(Json(std::move(shorter)));
  }
  for (std::size_t i = 0; i < text.length(Unit::code_point); ++i) {
    if (text.slice(i, 1, Unit::code_point) <= "a") continue;
    ot::Text plain = text;
    plain.erase(i, 1, Unit::code_point);
    plain.insert(i, "a", Unit::code_point);
    all.push_back(Json(std::move(plain)));
  }
}

void add_smaller_numbers(double number, std::vector<Json>& all) {
  if (number == 0) return;
  all.emplace_back(0);
  const double half = std::trunc(number / 2);
  const double next = number - std::copysign(1.0, number);
  if (half != 0) all.emplace_back(half);
  if (next != half && std::abs(next) < std::abs(number)) all.emplace_back(next);
}

void add_smaller_lists(const Json& list, std::vector<Json>& all) {
  for (const auto& [from, count] : spans_of(list.size())) {
    Json shorter = list;
    for (std::size_t left = count; left > 0; --left) shorter.erase(from);
    all.push_back(std::move(shorter));
  }
  for (std::size_t i = 0; i < list.size(); ++i) {
    for (Json& element : smaller(list[i])) {
      all.push_back(list);
      all.back().replace(i, std::move(element));
    }
  }
}

void add_smaller_objects(const Json& object, std::vector<Json>& all) {
  object.for_each_member([&](std::string_view key, const Json& /*member*/) {
    all.push_back(object);
    all.back().remove(key);
  });
  object.for_each_member([&](std::string_view key, const Json& member) {
    for (Json& value : smaller(member)) {
      all.push_back(object);
      all.back().set(key, std::move(value));
    }
  });
}

// The op that `verb` makes of these fields; null where it makes none.
class Mover {
 public:
  Mover(std::string_view type, const ot::TypeRegistry& types) : type_(type), types_(types) {}

  // The situation on what `cut` leaves of its document.
  std::optional<Json> moved(const Json& situation, const Json& cut) const {
    const auto member = [&](const char* name) -> const Json& { return *situation.find(name); };
    const auto doc = result("apply", {{"doc", member("doc")}, {"op", cut}});
    const auto op = transformed(member("op"), cut, "left");
    const auto other = transformed(member("other"), cut, "left");
    const auto cut_after_op = transformed(cut, member("op"), "right");
    if (!doc || !op || !other || !cut_after_op) return std::nullopt;
    const auto next = transformed(member("next"), *cut_after_op, "left");
    if (!next) return std::nullopt;
    Json smaller_one = situation;
    smaller_one.set("doc", *doc);
    smaller_one.set("op", *op);
    smaller_one.set("other", *other);
    smaller_one.set("next", *next);
    return smaller_one;
  }

 private:
  std::optional<Json> transformed(const Json& op, const Json& other, const char* side) const {
    return result("transform", {{"op", op}, {"other", other}, {"side", side}});
  }

  std::optional<Json> result(const char* verb,
                             std::vector<std::pair<std::string, Json>> fields) const {
    Json request = Json::object(std::move(fields));
    request.set("type", type_);
    request.set("verb", verb);
    const Json reply = ot::conformance_reply(request, types_);
    const Json* ok = reply.find("ok");
    return ok == nullptr ? std::nullopt : std::optional(*ok);
  }

  std::string_view type_;
  const ot::TypeRegistry& types_;
};

// All that are a step smaller.
std::vector<Json> smaller_situations(const Json& situation, const TypeCases& cases,
                                     const ot::TypeRegistry& types) {
  std::vector<Json> all;
  for (const char* op : {"next", "other", "op"}) {
    all.push_back(situation);
    all.back().set(op, cases.noop);
  }
  const Mover mover(cases.type, types);
  for (const Json& cut : cases.cuts(*situation.find("doc"))) {
    if (auto moved = mover.moved(situation, cut)) all.push_back(std::move(*moved));
  }
  situation.for_each_member([&](std::string_view key, const Json& member) {
    if (key == "side" || key == "own") return;
    for (Json& value : smaller(member)) {
      all.push_back(situation);
      all.back().set(key, std::move(value));
    }
  });
  return all;
}

}  // namespace

std::vector<Json> smaller(const Json& value) {
  std::vector<Json> all;
  switch (value.kind()) {
    case Json::Kind::null:
      break;
    case Json::Kind::boolean:
      all.emplace_back(0);
      break;
    case Json::Kind::number:
      add_smaller_numbers(value.number(), all);
      break;
    case Json::Kind::string:
      add_shorter_texts(value.text(), all);
      break;
    case Json::Kind::array:
      all.emplace_back(0);
      add_smaller_lists(value, all);
      break;
    case Json::Kind::object:
      all.emplace_back(0);
      add_smaller_objects(value, all);
      break;
  }
  return all;
}

Json shrink(Json situation, const TypeCases& cases, const ot::TypeRegistry& types,
            std::size_t tries, const std::function<bool(const Json&)>& still_fails) {
  for (bool is_smallest = false; !is_smallest;) {
    is_smallest = true;
    for (Json& candidate : smaller_situations(situation, cases, types)) {
      if (candidate == situation) continue;
      if (tries-- == 0) return situation;
      if (!still_fails(candidate)) continue;
      situation = std::move(candidate);
      is_smallest = false;
      break;
    }
  }
  return situation;
}

}  // namespace segue::conform
