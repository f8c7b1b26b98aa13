#include "ot/conform/cases.h"

#include <sstream>
#include <utility>

#include "ot/assert.h"
#include "ot/builtin_types.h"
#include "ot/conform/generate.h"
#include "ot/conform/generate_record.h"
#include "ot/json_text.h"

namespace segue::conform {
namespace {

using ot::Json;

// Adds what the type's own verbs need to a situation.
using Extras = void (*)(Random& random, Json& situation);

Json side(Random& random) { return random.below(2) == 0 ? "left" : "right"; }

std::size_t below_length(Random& random, const Json& doc, ot::Unit unit) {
  return random.below(doc.text().length(unit) + 1);
}

// `Made` is a Generator, or what has the same functions.
template <class Apply, class ToJson, class Made>
Json situation_of(Made&& generator, Random& random, Apply apply, ToJson to_json) {
  const Json doc = generator.doc();
  const auto op = generator.op(doc);
  const auto other = generator.op(doc);
  Json target = doc;
  OT_ASSERT(apply(target, op).has_value());
  const auto next = generator.op(target);
  OT_ASSERT(apply(target, next).has_value());
  return Json::object({{"doc", doc},
                       {"op", to_json(op)},
                       {"other", to_json(other)},
                       {"next", to_json(next)},
                       {"target", target},
                       {"side", side(random)}});
}

template <class Ops, class ToJson>
std::vector<Json> printed(const Ops& ops, ToJson to_json) {
  std::vector<Json> all;
  all.reserve(ops.size());
  for (const auto& op : ops) all.push_back(to_json(op));
  return all;
}

void add_json0_extras(Random& random, Json& situation) {
  situation.set("component", (*situation.find("op"))[0]);
  const Json& other = *situation.find("other");
  situation.set("path", *other[random.below(other.size())].find("p"));
}

// A place in the document, or beside one.
void add_json1_extras(Random& random, Json& situation) {
  Json path = Json::array();
  const Json* here = situation.find("doc");
  while (random.below(4) > 0 && (here->is_array() || here->is_object())) {
    if (here->is_array()) {
      const std::size_t index = random.below(here->size() + 1);
      path.push_back(index);
      if (index == here->size()) break;
      here = &(*here)[index];
    } else {
      std::vector<std::string> keys = {"beside"};
      here->for_each_member([&](std::string_view key, const Json&) { keys.emplace_back(key); });
      path.push_back(keys[random.below(keys.size())]);
      const Json* next = here->find(path[path.size() - 1].str());
      if (next == nullptr) break;
      here = next;
    }
  }
  situation.set("path", std::move(path));
  Json allow = Json::array();
  for (int kind = 1; kind <= 3; ++kind) {
    if (random.below(2) == 0) allow.push_back(kind);
  }
  situation.set("allow", std::move(allow));
}

void add_utf16_position(Random& random, Json& situation) {
  situation.set("pos", below_length(random, *situation.find("doc"), ot::Unit::utf16));
}

void add_selection(Random& random, Json& situation) {
  const Json doc = *situation.find("doc");
  const auto place = [&] { return Json(below_length(random, doc, ot::Unit::code_point)); };
  situation.set("pos", place());
  situation.set("sel", random.below(3) == 0 ? place() : Json::array({place(), place()}));
}

void add_range(Random& random, Json& situation) {
  // An op may cut a character in half. The reference's diff does not always end on those.
  const std::string target = ot::json_text(*situation.find("target"));
  if (target.find("\\ud") != std::string::npos) situation.set("target", Json::array());
  std::size_t length = 0;
  situation.find("doc")->for_each_element(
      [&](const Json& insert) { length += insert.insert_length().value_or(0); });
  const std::size_t from = random.below(length + 1);
  situation.set("pos", from);
  situation.set("range",
                Json::object({{"index", from}, {"length", random.below(length - from + 1)}}));
  situation.set("own", random.below(2) == 0);
}

const std::vector<Verb> common = {
    {"create", "data=doc"},         {"apply", "doc op"},
    {"transform", "op other side"}, {"transformX", "left=op right=other"},
    {"compose", "op other=next"},   {"normalize", "op"}};

std::vector<Verb> common_and(const std::vector<Verb>& more) {
  std::vector<Verb> verbs = common;
  verbs.insert(verbs.end(), more.begin(), more.end());
  return verbs;
}

template <ot::Type T>
TypeCases cases_of(const std::vector<Verb>& verbs, Verb inversion, Extras extras) {
  const auto apply = [](Json& doc, const typename T::Op& op) { return T::apply(doc, op); };
  const auto to_json = [](const typename T::Op& op) { return T::to_json(op); };
  return {std::string(T::name), common_and(verbs), std::move(inversion),
          [extras, apply, to_json](Random& random) {
            Json situation = situation_of(Generator<T>(random), random, apply, to_json);
            extras(random, situation);
            return situation;
          },
          [to_json](const Json& doc) { return printed(Generator<T>::cuts(doc), to_json); }};
}

const Verb invert{"invert", "op"};
const Verb invert_with_doc{"invertWithDoc", "op doc"};
const Verb diff{"diff", "doc target", true};

// A place in a record: a field, an element or a position in a text.
Json place_in(Random& random, const ot::record::Schema& schema, const Json& doc) {
  Json place = Json::array();
  const auto* fields = &schema.fields;
  if (!schema.lists.empty() && random.below(2) == 0) {
    const auto& list = schema.lists[random.below(schema.lists.size())];
    const std::size_t size = doc.find(list.key)->size();
    if (size > 0) {
      place = Json::array({list.key, random.below(size)});
      fields = &list.fields;
    }
  }
  if (fields->empty() || random.below(4) == 0) return place;
  const auto& field = (*fields)[random.below(fields->size())];
  place.push_back(field.name);
  if (field.kind == ot::record::Kind::text) place.push_back(random.below(3));
  return place;
}

TypeCases record_cases(const ot::RecordType& type) {
  const std::vector<Verb> verbs = {invert,
                                   {"checkOp", "op"},
                                   invert_with_doc,
                                   {"makeInvertible", "op doc"},
                                   {"transformPresence", "range op own"},
                                   diff,
                                   {"explain", "op other side doc", true}};
  return {type.name, common_and(verbs), invert,
          [&type](Random& random) {
            Json situation = situation_of(RecordGenerator(type, random), random,
                                          ot::RecordType::apply, ot::RecordType::to_json);
            situation.set("range", place_in(random, type.schema(), *situation.find("doc")));
            situation.set("own", random.below(2) == 0);
            return situation;
          },
          [&type](const Json& doc) {
            return printed(RecordGenerator::cuts(type, doc), ot::RecordType::to_json);
          }};
}

TypeCases json1_cases() {
  auto cases = cases_of<ot::Json1>({invert,
                                    {"checkOp", "op"},
                                    invert_with_doc,
                                    {"makeInvertible", "op doc"},
                                    {"isNoop", "op"},
                                    {"tryTransform", "op other side"},
                                    {"transformNoConflict", "op other side"},
                                    {"transformAllowing", "op other side allow"},
                                    {"transformPosition", "path op"},
                                    diff},
                                   invert_with_doc, add_json1_extras);
  cases.noop = Json();
  return cases;
}

// The table: one entry for each type.
const std::vector<TypeCases>& built_in() {
  static const std::vector<TypeCases> all = {
      cases_of<ot::Json0>({invert, {"checkOp", "op"}, {"canOpAffectPath", "component path"}, diff},
                          invert, add_json0_extras),
      json1_cases(),
      cases_of<ot::Text0>({invert, {"transformCursor", "pos op side"}}, invert, add_utf16_position),
      cases_of<ot::TextUnicode>({invert,
                                 {"checkOp", "op"},
                                 invert_with_doc,
                                 {"makeInvertible", "op doc"},
                                 {"stripInvertible", "op"},
                                 {"isInvertible", "op"},
                                 {"trim", "op"},
                                 {"isNoop", "op"},
                                 {"transformPosition", "pos op"},
                                 {"transformSelection", "sel op"},
                                 diff},
                                invert, add_selection),
      cases_of<ot::RichText>({invert_with_doc,
                              {"transformCursor", "pos op own"},
                              {"transformPresence", "range op own"},
                              diff},
                             invert_with_doc, add_range),
      record_cases(ot::production_type())};
  return all;
}

}  // namespace

std::vector<std::string> case_names(const ot::TypeRegistry& types) {
  std::vector<std::string> names;
  for (const TypeCases& cases : built_in()) names.push_back(cases.type);
  for (std::string& name : types.loaded_names()) names.push_back(std::move(name));
  return names;
}

std::optional<TypeCases> find_cases(std::string_view type, const ot::TypeRegistry& types) {
  for (const TypeCases& cases : built_in()) {
    if (cases.type == type) return cases;
  }
  const ot::RecordType* record = types.find_record(type);
  if (record == nullptr) return std::nullopt;
  return record_cases(*record);
}

Json request_of(std::string_view type, const Verb& verb, const Json& situation) {
  Json request = Json::object({{"type", type}, {"verb", verb.name}});
  std::istringstream fields(verb.fields);
  for (std::string field; fields >> field;) {
    const std::size_t split = field.find('=');
    const bool renamed = split != std::string::npos;
    const Json* value = situation.find(renamed ? field.substr(split + 1) : field);
    if (value != nullptr) request.set(field.substr(0, split), *value);
  }
  return request;
}

}  // namespace segue::conform
