#include <algorithm>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "ot/diff/reorder.h"
#include "ot/record/parse.h"
#include "ot/record/record_type.h"

namespace segue::ot {
namespace {

using record::Add;
using record::Check;
using record::Component;
using record::Edit;
using record::Field;
using record::Fields;
using record::id_of;
using record::Index;
using record::Kind;
using record::List;
using record::Move;
using record::Op;
using record::Remove;
using record::Set;

// The member `name` of what a document reads as: its default where it has none.
const Json& elements_of(const Json& doc, const List& list) {
  static const Json none = Json::array();
  const Json* elements = doc.find(list.key);
  return elements != nullptr && elements->is_array() ? *elements : none;
}

// Writes the op, one part after the other.
class Differ {
 public:
  explicit Differ(const record::Schema& schema) : schema_(schema) {}

  Result<Op> run(const Json& doc, const Json& target) {
    auto same = check_unknown(doc, target, [&](std::string_view name) {
      return find_field(schema_.fields, name) != nullptr || schema_.find_list(name) != nullptr;
    });
    if (same) same = diff_fields(Component{.instruction = Remove{}}, doc, target, schema_.fields);
    for (const List& list : schema_.lists) {
      if (same) same = diff_list(list, elements_of(doc, list), target);
    }
    if (!same) return fail(std::move(same.error()));
    return std::move(op_);
  }

 private:
  static tl::unexpected<Error> at(const std::string& path, const Error& error) {
    return fail(error.code, path + ": " + error.detail);
  }

  // What the schema does not know cannot be edited.
  static Result<void> check_unknown(const Json& from, const Json& to,
                                    FunctionRef<bool(std::string_view)> known) {
    Result<void> checked;
    const auto check = [&](std::string_view name, const Json& value, const Json& other) {
      const Json* same = other.find(name);
      if (known(name) || (same != nullptr && *same == value)) return;
      checked = fail(Errc::op_badly_formed, "the schema does not declare all that differs");
    };
    from.for_each_member([&](std::string_view name, const Json& value) { check(name, value, to); });
    to.for_each_member([&](std::string_view name, const Json& value) { check(name, value, from); });
    return checked;
  }

  // Sets and edits what differs; `place` says where.
  Result<void> diff_fields(const Component& place, const Json& from, const Json& to,
                           const Fields& fields) {
    for (const Field& field : fields) {
      const Json& old_value = field.read(from);
      const Json* given = to.find(field.name);
      const Json& new_value = given != nullptr ? *given : field.fallback;
      if (old_value == new_value) continue;
      if (given == nullptr && field.required) {
        return fail(Errc::op_badly_formed, field.name + ": is required");
      }
      auto checked = field.check(new_value, Check::limits);
      if (!checked) return at(field.name, checked.error());
      Component component = place;
      if (field.kind == Kind::text) {
        component.instruction = Edit{&field, TextUnicode::diff(old_value.text(), new_value.text())};
      } else {
        component.instruction = Set{&field, new_value, old_value};
      }
      op_.push_back(std::move(component));
    }
    return {};
  }

  Result<void> diff_list(const List& list, const Json& from, const Json& target) {
    const Json* given = target.find(list.key);
    const Json& to = given != nullptr ? *given : elements_of(Json(), list);
    if (!to.is_array()) return fail(Errc::op_badly_formed, list.key + ": must be a list");
    auto places = places_in(to);
    if (!places) return at(list.key, places.error());
    auto order = remove_others(list, from, *places);
    if (!order) return at(list.key, order.error());
    for (const ListMove& move : reorder(*order)) {
      op_.push_back({&list, move.from, id_of(to[(*order)[move.element]]), Move{move.to}});
    }
    std::unordered_map<std::string, const Json*> kept;
    from.for_each_element([&](const Json& element) { kept[id_of(element)] = &element; });
    for (Index index = 0; index < to.size(); ++index) {
      const auto old = kept.find(id_of(to[index]));
      auto done = old == kept.end()
                      ? add(list, index, to[index])
                      : edit({&list, index, old->first, Remove{}}, *old->second, to[index]);
      if (!done) return at(list.key + "[" + std::to_string(index) + "]", done.error());
    }
    return {};
  }

  // Where each id stands in the target.
  using Places = std::unordered_map<std::string, Index>;
  static Result<Places> places_in(const Json& elements) {
    Places places;
    for (Index index = 0; index < elements.size(); ++index) {
      auto checked = record::check_element(elements[index], {}, Check::kind);
      if (!checked) return at("[" + std::to_string(index) + "]", checked.error());
      if (!places.emplace(id_of(elements[index]), index).second) {
        return fail(Errc::op_badly_formed, "two elements have one id");
      }
    }
    return places;
  }

  // Removes what is not in the target, from the last. Where those that stay belong, as they stand.
  Result<std::vector<Index>> remove_others(const List& list, const Json& from,
                                           const Places& places) {
    std::vector<Index> order;
    for (Index index = from.size(); index > 0; --index) {
      const Json& element = from[index - 1];
      if (!record::check_element(element, {}, Check::kind)) {
        return fail(Errc::op_not_applied, "an element has no id");
      }
      const auto place = places.find(id_of(element));
      if (place != places.end()) {
        order.push_back(place->second);
      } else {
        op_.push_back({&list, index - 1, id_of(element), Remove{element}});
      }
    }
    std::reverse(order.begin(), order.end());
    return order;
  }

  Result<void> add(const List& list, Index index, const Json& element) {
    auto checked = record::check_element(element, list.fields, Check::limits);
    if (!checked) return checked;
    op_.push_back({&list, index, std::nullopt, Add{element}});
    return {};
  }

  Result<void> edit(const Component& place, const Json& from, const Json& to) {
    const Fields& fields = place.list->fields;
    auto same = check_unknown(from, to, [&](std::string_view name) {
      return name == "id" || find_field(fields, name) != nullptr;
    });
    return same ? diff_fields(place, from, to, fields) : same;
  }

  const record::Schema& schema_;
  Op op_;
};

}  // namespace

Result<RecordType::Op> RecordType::diff(const Json& doc, const Json& target) const {
  if (!doc.is_object()) return fail(Errc::op_not_applied, "the document is no object");
  if (!target.is_object()) return fail(Errc::op_badly_formed, "the data must be an object");
  return Differ(*schema_).run(doc, target);
}

}  // namespace segue::ot
