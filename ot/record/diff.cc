#include <algorithm>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "ot/diff/increasing.h"
#include "ot/diff/myers.h"
#include "ot/record/parse.h"
#include "ot/record/record_type.h"
#include "ot/utf8.h"

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

constexpr std::size_t text_edits_max = 1000;

std::vector<std::uint32_t> code_points(const Text& text) {
  std::vector<std::uint32_t> points;
  points.reserve(text.length(Unit::code_point));
  text.for_each_chunk([&](std::string_view chunk) {
    for (; !chunk.empty(); chunk.remove_prefix(char_bytes(chunk.front()))) {
      points.push_back(decode(chunk));
    }
  });
  return points;
}

TextUnicode::Op diff_text(const Text& from, const Text& to) {
  const auto old_points = code_points(from);
  const auto new_points = code_points(to);
  TextUnicode::Op op;
  std::size_t old_at = 0;
  std::size_t new_at = 0;
  for (const EditRun& run : edit_script<std::uint32_t>(old_points, new_points, text_edits_max)) {
    switch (run.kind) {
      case EditKind::keep:
        op.push_back(TextUnicode::Skip{run.count});
        old_at += run.count;
        new_at += run.count;
        break;
      case EditKind::erase: {
        const Text erased(from.slice(old_at, run.count, Unit::code_point));
        op.push_back(TextUnicode::Delete{run.count, erased});
        old_at += run.count;
        break;
      }
      case EditKind::insert:
        op.push_back(TextUnicode::Insert{Text(to.slice(new_at, run.count, Unit::code_point))});
        new_at += run.count;
        break;
    }
  }
  return TextUnicode::normalize(op);
}

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
        component.instruction = Edit{&field, diff_text(old_value.text(), new_value.text())};
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
    reorder(list, std::move(*order), to);
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

  // Moves as few as possible, in the order of the target, each right behind the last one before it
  // that is in place.
  void reorder(const List& list, std::vector<Index> order, const Json& to) {
    struct Slot {
      Index target;
      bool is_placed;
    };
    const auto stays = longest_increasing(order);
    std::vector<Slot> slots;
    std::vector<Index> moving;
    for (Index i = 0; i < order.size(); ++i) {
      slots.push_back({order[i], stays[i]});
      if (!stays[i]) moving.push_back(order[i]);
    }
    std::sort(moving.begin(), moving.end());
    for (const Index target : moving) {
      const auto found = std::find_if(slots.begin(), slots.end(),
                                      [&](const Slot& slot) { return slot.target == target; });
      const auto at = static_cast<Index>(found - slots.begin());
      slots.erase(found);
      const auto last = std::find_if(slots.rbegin(), slots.rend(), [&](const Slot& slot) {
        return slot.is_placed && slot.target < target;
      });
      const auto end = static_cast<Index>(slots.rend() - last);
      slots.insert(last.base(), {target, true});
      if (at != end) op_.push_back({&list, at, id_of(to[target]), Move{end}});
    }
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
