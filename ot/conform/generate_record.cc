#include "ot/conform/generate_record.h"

#include <array>
#include <set>
#include <string>
#include <utility>

#include "ot/assert.h"
#include "ot/conform/generate_parts.h"

namespace segue::conform {
namespace {

using ot::Json;
using ot::RecordType;
using ot::TextUnicode;
using ot::record::Add;
using ot::record::Component;
using ot::record::Edit;
using ot::record::Field;
using ot::record::Fields;
using ot::record::Increment;
using ot::record::Kind;
using ot::record::List;
using ot::record::Move;
using ot::record::Remove;
using ot::record::Schema;
using ot::record::Set;
using ot::record::Units;
using Op = RecordGenerator::Op;

constexpr std::array ids = {"a", "b", "c", "x", "y"};

// A few that the field takes.
std::vector<Json> values_of(const Field& field) {
  std::vector<Json> valid;
  std::vector<Json> tried = {Json(),
                             "p",
                             "q",
                             7,
                             1,
                             0.5,
                             true,
                             false,
                             "2026-07-14",
                             "2027-01-31",
                             "2026-07-14T18:30",
                             "2027-01-31T00:00"};
  for (const std::string& value : field.values) tried.emplace_back(value);
  if (field.kind == Kind::number) tried.emplace_back(field.min);
  if (field.kind == Kind::string) tried.emplace_back(std::string(field.length_min, 'p'));
  for (Json& value : tried) {
    if (field.check(value, ot::record::Check::limits)) valid.push_back(std::move(value));
  }
  return valid;
}

bool has(const Json& list, const std::string& id) {
  bool found = false;
  list.for_each_element(
      [&](const Json& element) { found = found || *element.find("id") == Json(id); });
  return found;
}

using Chosen = std::vector<const Field*>;

Chosen all_of(const Fields& fields) {
  Chosen chosen;
  for (const Field& field : fields) chosen.push_back(&field);
  return chosen;
}

// The first string, the first number that adds up and the first text: the kinds that differ.
Chosen one_of_a_kind(const Fields& fields) {
  std::set<Kind> seen;
  Chosen chosen;
  for (const Field& field : fields) {
    const bool is_text = field.kind == Kind::string || field.kind == Kind::text;
    if ((is_text || field.can_increment()) && seen.insert(field.kind).second) {
      chosen.push_back(&field);
    }
  }
  return chosen;
}

// What can be done to each field of an element or of the record: two values, an increment, three
// edits.
void add_field_ops(const Component& place, const Json& object, const Chosen& fields,
                   std::vector<Component>& all) {
  const auto put = [&](ot::record::Instruction instruction) {
    all.push_back(place);
    all.back().instruction = std::move(instruction);
  };
  for (const Field* field : fields) {
    if (field->kind == Kind::text) {
      put(Edit{field, TextUnicode::Op().insert(ot::Text("z"))});
      const std::size_t length = field->read(object).text().length(ot::Unit::code_point);
      if (length > 0) put(Edit{field, TextUnicode::Op().erase(1)});
      if (length > 1) {
        put(Edit{field, TextUnicode::Op().skip(1).insert(ot::Text("w"))});
      }
      continue;
    }
    const auto values = values_of(*field);
    for (std::size_t i = 0; i < values.size() && i < 2; ++i) {
      put(Set{field, values[i], std::nullopt});
    }
    if (field->can_increment()) put(Increment{field, Units(3)});
  }
}

// What new elements and documents hold: what is required, and something to edit.
Json filled(Json object, const Fields& fields, bool has_text) {
  for (const Field& field : fields) {
    if (field.kind == Kind::text && has_text && field.length_max > 1) object.set(field.name, "mn");
    const auto values = values_of(field);
    if (field.required && !values.empty()) object.set(field.name, values.front());
  }
  return object;
}

Json element(const List& list, const std::string& id, bool has_text) {
  Json object = filled(Json::object({{"id", id}}), list.fields, has_text);
  const Json name("s" + id);
  const Field* label = ot::record::find_field(list.fields, list.label);
  if (label != nullptr && label->check(name, ot::record::Check::limits)) {
    object.set(list.label, name);
  }
  return object;
}

// What can be done at `index` of a list: to the element there, or by an add before it.
std::vector<Component> components_at(const List& list, const Json& elements, std::size_t index,
                                     const Chosen& fields) {
  std::vector<Component> all;
  std::size_t offered = 0;
  for (const char* id : ids) {
    if (has(elements, id) || ++offered > 2) continue;
    all.push_back({&list, index, std::nullopt, Add{element(list, id, false)}});
  }
  if (index == elements.size()) return all;
  const Component place{&list, index, std::nullopt, Remove{}};
  all.push_back(place);
  for (std::size_t to = 0; to < elements.size(); ++to) {
    if (to != index) all.push_back({&list, index, std::nullopt, Move{to}});
  }
  add_field_ops(place, elements[index], fields, all);
  return all;
}

std::vector<Component> record_components(const Json& doc, const Chosen& fields) {
  std::vector<Component> all;
  add_field_ops(Component{.instruction = Remove{}}, doc, fields, all);
  return all;
}

std::string id_at(std::size_t index) {
  return index < ids.size() ? ids[index] : "e" + std::to_string(index);
}

Json doc_with(const RecordType& type, std::size_t size) {
  Json data = filled(Json::object(), type.schema().fields, true);
  for (const List& list : type.schema().lists) {
    Json elements = Json::array();
    for (std::size_t i = 0; i < size; ++i) elements.push_back(element(list, id_at(i), true));
    data.set(list.key, std::move(elements));
  }
  auto doc = type.create(&data);
  OT_ASSERT(doc.has_value());
  return std::move(*doc);
}

Op remembering(const Op& op, const Json& doc) {
  auto invertible = ot::record::make_invertible(op, doc);
  OT_ASSERT(invertible.has_value());
  return std::move(*invertible);
}

std::vector<Component> somewhere(const Schema& schema, const Json& doc, Random& random) {
  const std::size_t chosen = random.below(schema.lists.size() + 1);
  if (chosen == schema.lists.size()) return record_components(doc, all_of(schema.fields));
  const List& list = schema.lists[chosen];
  const Json& elements = *doc.find(list.key);
  return components_at(list, elements, random.below(elements.size() + 1), all_of(list.fields));
}

}  // namespace

Json RecordGenerator::doc() { return doc_with(type_, random_.below(4)); }

Op RecordGenerator::op(const Json& doc) {
  Json now = doc;
  Op op;
  for (std::size_t left = 1 + random_.below(4); left > 0; --left) {
    const auto all = somewhere(type_.schema(), now, random_);
    if (all.empty()) continue;  // All ids are in use.
    op.push_back(all[random_.below(all.size())]);
    OT_ASSERT(RecordType::apply(now, {op.back()}).has_value());
  }
  return remembering(op, doc);
}

std::vector<Json> RecordGenerator::tiny_docs(const RecordType& type) {
  return {doc_with(type, 0), doc_with(type, 1), doc_with(type, 2), doc_with(type, 3)};
}

std::vector<Json> RecordGenerator::all_docs(const RecordType& type, std::size_t parts) {
  return {doc_with(type, parts)};
}

std::vector<Op> RecordGenerator::tiny_ops(const RecordType& type, const Json& doc) {
  const Schema& schema = type.schema();
  auto all = record_components(doc, one_of_a_kind(schema.fields));
  if (!schema.lists.empty()) {
    const List& list = schema.lists.front();
    const Json& elements = *doc.find(list.key);
    for (std::size_t index = 0; index <= elements.size(); ++index) {
      for (auto& component : components_at(list, elements, index, one_of_a_kind(list.fields))) {
        all.push_back(std::move(component));
      }
    }
  }
  std::vector<Op> ops;
  ops.reserve(all.size());
  for (const Component& component : all) ops.push_back(remembering({component}, doc));
  return ops;
}

std::vector<Op> RecordGenerator::cuts(const RecordType& type, const Json& doc) {
  std::vector<Op> ops;
  for (const List& list : type.schema().lists) {
    const Json* elements = doc.find(list.key);
    for (std::size_t i = 0; elements != nullptr && i < elements->size(); ++i) {
      ops.push_back({Component{&list, i, std::nullopt, Remove{}}});
    }
  }
  return ops;
}

}  // namespace segue::conform
