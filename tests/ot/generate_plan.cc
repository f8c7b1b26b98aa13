#include <array>
#include <string>
#include <utility>

#include "ot/assert.h"
#include "tests/ot/generate.h"

namespace segue::test {
namespace {

using ot::Json;
using ot::TextUnicode;
using ot::record::Add;
using ot::record::Component;
using ot::record::Edit;
using ot::record::Field;
using ot::record::find_field;
using ot::record::Increment;
using ot::record::List;
using ot::record::Move;
using ot::record::Remove;
using ot::record::Set;
using ot::record::Units;

constexpr std::array ids = {"a", "b", "c", "x", "y"};

const ot::record::Schema& schema() { return plan_type().schema(); }
const List& sources() { return *schema().find_list("sources"); }

Json source(const std::string& id) { return Json::object({{"id", id}, {"name", "s" + id}}); }

bool has(const Json& list, const std::string& id) {
  bool found = false;
  list.for_each_element(
      [&](const Json& element) { found = found || *element.find("id") == Json(id); });
  return found;
}

// All that can be done to one string, one number and one text.
void add_field_ops(const Component& place, const Json& object, const ot::record::Fields& fields,
                   std::vector<Component>& all) {
  const auto put = [&](ot::record::Instruction instruction) {
    all.push_back(place);
    all.back().instruction = std::move(instruction);
  };
  for (const Field& field : fields) {
    if (field.name == "venue" || field.name == "name") {
      for (const char* value : {"p", "q"}) put(Set{&field, value, std::nullopt});
    } else if (field.name == "budget" || field.name == "count") {
      put(Set{&field, 7, std::nullopt});
      put(Increment{&field, Units(3)});
    } else if (field.name == "notes") {
      put(Edit{&field, {TextUnicode::Insert{ot::Text("z")}}});
      const std::size_t length = field.read(object).text().length(ot::Unit::code_point);
      if (length > 0) put(Edit{&field, {TextUnicode::Delete{1, std::nullopt}}});
      if (length > 1) {
        put(Edit{&field, {TextUnicode::Skip{1}, TextUnicode::Insert{ot::Text("w")}}});
      }
    }
  }
}

// What can be done at `index` of the sources: to the element there, or by an add before it.
std::vector<Component> components_at(const Json& list, std::size_t index) {
  std::vector<Component> all;
  std::size_t offered = 0;
  for (const char* id : ids) {
    if (has(list, id) || ++offered > 2) continue;
    all.push_back({&sources(), index, std::nullopt, Add{source(id)}});
  }
  if (index == list.size()) return all;
  const Component place{&sources(), index, std::nullopt, Remove{}};
  all.push_back(place);
  for (std::size_t to = 0; to < list.size(); ++to) {
    if (to != index) all.push_back({&sources(), index, std::nullopt, Move{to}});
  }
  add_field_ops(place, list[index], sources().fields, all);
  return all;
}

std::vector<Component> record_components(const Json& doc) {
  std::vector<Component> all;
  add_field_ops(Component{.instruction = Remove{}}, doc, schema().fields, all);
  return all;
}

Json doc_with(std::size_t size) {
  Json list = Json::array();
  for (std::size_t i = 0; i < size; ++i) {
    Json element = source(ids.at(i));
    element.set("notes", "mn");
    list.push_back(std::move(element));
  }
  const Json data = Json::object({{"sources", list}, {"notes", "mn"}, {"budget", 1}});
  return *Plan::create(&data);
}

Plan::Op remembering(const Plan::Op& op, const Json& doc) {
  auto invertible = ot::record::make_invertible(op, doc);
  OT_ASSERT(invertible.has_value());
  return std::move(*invertible);
}

}  // namespace

Json Generator<Plan>::doc() { return doc_with(random_.below(4)); }

Plan::Op Generator<Plan>::op(const Json& doc) {
  Json now = doc;
  Plan::Op op;
  for (std::size_t left = 1 + random_.below(4); left > 0; --left) {
    const Json& list = *now.find("sources");
    const std::size_t place = random_.below(list.size() + 2);
    auto all = place <= list.size() ? components_at(list, place) : record_components(now);
    if (all.empty()) all = record_components(now);  // All ids are in use.
    op.push_back(all[random_.below(all.size())]);
    OT_ASSERT(Plan::apply(now, {op.back()}).has_value());
  }
  return remembering(op, doc);
}

std::vector<Json> Generator<Plan>::tiny_docs() {
  return {doc_with(0), doc_with(1), doc_with(2), doc_with(3)};
}

std::vector<Plan::Op> Generator<Plan>::tiny_ops(const Json& doc) {
  std::vector<Plan::Op> ops;
  const auto put_all = [&](const std::vector<Component>& components) {
    for (const Component& component : components) ops.push_back(remembering({component}, doc));
  };
  put_all(record_components(doc));
  const Json& list = *doc.find("sources");
  for (std::size_t index = 0; index <= list.size(); ++index) put_all(components_at(list, index));
  return ops;
}

}  // namespace segue::test
