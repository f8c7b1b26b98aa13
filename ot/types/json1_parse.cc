// How json1 ops are read, checked and printed.
#include <algorithm>
#include <string>
#include <utility>

#include "ot/types/json1.h"

namespace segue::ot {
namespace {

using json1::Component;
using json1::Edit;
using json1::Key;
using json1::MaybeSlot;
using json1::Node;
using json1::Op;
using json1::Path;
using json1::SharedEdit;
using json1::Slot;
using json1::Tree;

constexpr std::string_view number_name = "number";
constexpr double int32_max = 2'147'483'647;

// What a reader makes of the edits in an op.
enum class Edits { unread, as_they_are, normal };

std::optional<std::size_t> whole_number(JsonView in) {
  if (!in.is_number() || in.number() > int32_max) return std::nullopt;
  return safe_length(in);
}

// As JavaScript takes it for a condition.
bool is_truthy(JsonView value) {
  if (!value || value.is_null()) return false;
  if (value.is_bool()) return value.boolean();
  if (value.is_number()) return value.number() != 0;
  return !value.is_string() || value.bytes() > 0;
}

bool is_known_subtype(JsonView name) {
  return name.is(TextUnicode::name) || name.is(TextUnicode::uri) || name.is(number_name);
}

// The fields of a component, where they are there.
struct Fields {
  JsonView p;
  JsonView r;
  JsonView d;
  JsonView i;
  JsonView e;
  JsonView es;
  JsonView ena;
  JsonView et;
};

// Where a field of this name goes, if json1 knows it.
JsonView Fields::*field_named(std::string_view name) {
  if (name == "ena") return &Fields::ena;
  if (name == "es") return &Fields::es;
  if (name == "et") return &Fields::et;
  if (name.size() != 1) return nullptr;
  switch (name[0]) {
    case 'p':
      return &Fields::p;
    case 'r':
      return &Fields::r;
    case 'd':
      return &Fields::d;
    case 'i':
      return &Fields::i;
    case 'e':
      return &Fields::e;
    default:
      return nullptr;
  }
}

// Whether json1 knows all of them.
bool read_fields(JsonView in, Fields& fields) {
  bool all_known = true;
  in.for_each_member([&](std::string_view name, JsonView value) {
    const auto field = field_named(name);
    all_known = all_known && field != nullptr;
    if (field != nullptr) fields.*field = value;
  });
  return all_known;
}

class Reader {
 public:
  Reader(Edits edits, std::size_t components_max)
      : edits_(edits), components_max_(components_max) {}

  // None if nothing happens.
  Result<Tree> read(JsonView in) {
    if (in.is_null()) return Tree();
    auto root = Tree::make();
    const auto read = read_descent(in, *root, 0);
    if (!read) return fail(read.error());
    if (!are_whole(picked_, dropped_)) {
      return fail(Errc::op_badly_formed,
                  "slots are the numbers from 0, each picked up once and dropped once");
    }
    return root;
  }

 private:
  // What stood before an element of a descent.
  enum class Last { key, component, descent };

  tl::unexpected<Error> malformed(std::string_view rule) const {
    return fail_at(components_, Errc::op_badly_formed, rule);
  }

  // Reads what is said about `above` and what is below it. `depth` is how deep that is.
  Result<void> read_descent(JsonView in, Node& above, std::size_t depth) {
    if (!in.is_array()) return malformed("an op is null or a list");
    if (in.size() == 0) return malformed("a descent is not empty");
    Node* at = &above;
    Last last = Last::key;
    std::size_t descents = 0;
    for (const JsonView element : in.elements()) {
      if (element.is_array()) {
        if (!may_begin(element)) return malformed("a descent begins with a key");
        auto read = read_descent(element, *at, depth);
        if (!read) return read;
        ++descents;
        last = Last::descent;
      } else if (element.is_object()) {
        if (last != Last::key) return malformed("a component follows a key, or begins the op");
        auto read = read_component(element, at->component);
        if (!read) return read;
        last = Last::component;
      } else {
        if (last == Last::descent) return malformed("no key follows a descent");
        const auto child = read_child(element, *at, ++depth);
        if (!child) return fail(child.error());
        at = *child;
        last = Last::key;
      }
    }
    return check_end(descents, last);
  }

  Result<void> check_end(std::size_t descents, Last last) const {
    if (descents == 1) return malformed("a single descent goes on without a list of its own");
    if (last == Last::key) return malformed("a descent does not end in a key");
    return {};
  }

  // What is empty is refused later.
  static bool may_begin(JsonView descent) {
    if (descent.size() == 0) return true;
    const JsonView first = *descent.elements().begin();
    return first.is_number() || first.is_string();
  }

  // Makes the child of `parent` whose key this is.
  Result<Node*> read_child(JsonView in, Node& parent, std::size_t depth) const {
    auto key = read_key(in, depth);
    if (!key) return fail(std::move(key.error()));
    if (!parent.children.empty() && !(parent.children.back()->key < *key)) {
      return malformed("descents stand in the order of their keys, indexes first");
    }
    return &parent.child(*key);
  }

  Result<Key> read_key(JsonView in, std::size_t depth) const {
    if (depth > op_path_length_max) {
      return fail(Errc::too_large, "a path in an op has at most " +
                                       std::to_string(op_path_length_max) + " elements");
    }
    if (in.is_string()) {
      if (in.is("__proto__")) return malformed("__proto__ is no key");
      std::string room;
      return Key(in.string(room));
    }
    const auto index = whole_number(in);
    if (!index) return malformed("a key is a string, or a whole number from 0 to 2147483647");
    return Key(static_cast<std::int64_t>(*index));
  }

  // `component` is new.
  Result<void> read_component(JsonView in, Component& component) {
    if (components_ == components_max_) return fail_too_many(components_max_);
    if (in.size() == 0) return malformed("it says nothing");
    Fields fields;
    if (!read_fields(in, fields)) {
      return malformed("its fields are p, r, d, i, es, ena, et and e");
    }
    auto read = read_slot(fields.p, component.pick, picked_);
    if (read) read = read_slot(fields.d, component.drop, dropped_);
    if (!read) return read;
    if (fields.r) component.remove.emplace(fields.r.value());
    if (fields.i) component.insert.emplace(fields.i.value());
    if (component.pick && component.remove) return malformed("p and r exclude each other");
    if (component.drop && component.insert) return malformed("d and i exclude each other");
    read = check_edit(fields);
    if (read && edits_ != Edits::unread) read = read_edit(fields, component.edit);
    if (read) ++components_;
    return read;
  }

  Result<void> read_slot(JsonView in, MaybeSlot& slot, std::vector<Slot>& seen) {
    if (!in) return {};
    const auto number = whole_number(in);
    if (!number) return malformed("a slot is a whole number from 0 to 2147483647");
    slot = *number;
    seen.push_back(*number);
    return {};
  }

  // Whether both are 0, 1, 2, ..., each once.
  static bool are_whole(std::vector<Slot>& picked, std::vector<Slot>& dropped) {
    const auto is_whole = [](std::vector<Slot>& slots) {
      std::ranges::sort(slots);
      for (std::size_t i = 0; i < slots.size(); ++i) {
        if (slots[i] != i) return false;
      }
      return true;
    };
    return picked.size() == dropped.size() && is_whole(picked) && is_whole(dropped);
  }

  // That there is at most one edit, and a type for it.
  Result<void> check_edit(const Fields& in) const {
    const int edits = (in.e ? 1 : 0) + (in.es ? 1 : 0) + (in.ena ? 1 : 0);
    if (edits > 1) return malformed("it has one edit at most");
    const bool has_type = is_truthy(in.et) ? is_known_subtype(in.et)
                                           : is_truthy(in.es) || (in.ena && !in.ena.is_null());
    if (edits == 1 && !has_type) return malformed("an edit is one of text-unicode or number");
    return {};
  }

  Result<void> read_edit(const Fields& in, SharedEdit& edit) const {
    if (static_cast<bool>(in.et) != static_cast<bool>(in.e)) {
      return malformed("et and e go together");
    }
    if (in.es) return read_text(in.es, Edit::Spelling::brief, edit);
    if (in.ena) return read_number(in.ena, Edit::Spelling::brief, edit);
    if (!in.et) return {};
    if (in.et.is(number_name)) return read_number(in.e, Edit::Spelling::name, edit);
    const bool by_name = in.et.is(TextUnicode::name);
    return read_text(in.e, by_name ? Edit::Spelling::name : Edit::Spelling::uri, edit);
  }

  Result<void> read_text(JsonView in, Edit::Spelling spelling, SharedEdit& edit) const {
    auto op = edits_ == Edits::normal ? TextUnicode::parse(in) : read_as_it_is(in);
    if (!op) return fail_at(components_, op.error().code, "edit of text: " + op.error().detail);
    edit = Edit{std::move(*op), spelling};
    return {};
  }

  static Result<TextUnicode::Op> read_as_it_is(JsonView in) {
    auto checked = TextUnicode::check(in);
    if (!checked) return fail(std::move(checked.error()));
    return TextUnicode::read(in);
  }

  Result<void> read_number(JsonView in, Edit::Spelling spelling, SharedEdit& edit) const {
    if (!in.is_number()) return malformed("what is added to a number is one");
    edit = Edit{in.number(), spelling};
    return {};
  }

  Edits edits_;
  std::size_t components_max_;
  std::size_t components_ = 0;  // read so far
  std::vector<Slot> picked_;
  std::vector<Slot> dropped_;
};

Result<Op> read_op(JsonView in, Edits edits, std::size_t components_max) {
  auto root = Reader(edits, components_max).read(in);
  if (!root) return fail(std::move(root.error()));
  return Op::seal(std::move(*root));
}

Json key_to_json(const Key& key) { return key.is_index() ? Json(key.index()) : Json(key.name()); }

using Members = std::vector<std::pair<std::string, Json>>;

void add_edit(Members& fields, const Edit& edit) {
  const auto* text = std::get_if<TextUnicode::Op>(&edit.change);
  Json change = text ? TextUnicode::to_json(*text) : Json(std::get<double>(edit.change));
  if (edit.spelling == Edit::Spelling::brief) {
    fields.emplace_back(text ? "es" : "ena", std::move(change));
    return;
  }
  const bool by_uri = edit.spelling == Edit::Spelling::uri;
  fields.emplace_back("et", !text ? number_name : by_uri ? TextUnicode::uri : TextUnicode::name);
  fields.emplace_back("e", std::move(change));
}

Json component_to_json(const Component& component) {
  Members fields;
  if (component.remove) fields.emplace_back("r", *component.remove);
  if (component.pick) fields.emplace_back("p", *component.pick);
  if (component.insert) fields.emplace_back("i", *component.insert);
  if (component.drop) fields.emplace_back("d", *component.drop);
  if (component.edit) add_edit(fields, *component.edit);
  return Json::object(std::move(fields));
}

void add_descent(std::vector<Json>& list, const Node& node) {
  const Node* at = &node;
  for (;; at = at->children[0]) {
    if (!at->component.is_empty()) list.push_back(component_to_json(at->component));
    if (at->children.size() != 1) break;
    list.push_back(key_to_json(at->children[0]->key));
  }
  for (const auto& child : at->children) {
    std::vector<Json> descent{key_to_json(child->key)};
    add_descent(descent, *child);
    list.push_back(Json::array(std::move(descent)));
  }
}

}  // namespace

Result<void> Json1::check(JsonView in) {
  const auto root = Reader(Edits::unread, SIZE_MAX).read(in);
  if (!root) return fail(root.error());
  return {};
}

Result<Op> Json1::parse(JsonView in, std::size_t components_max) {
  return read_op(in, Edits::normal, components_max);
}

Result<Op> Json1::read(JsonView in, std::size_t components_max) {
  return read_op(in, Edits::as_they_are, components_max);
}

Json Json1::to_json(const Op& op) {
  if (op.is_noop()) return {};
  std::vector<Json> list;
  add_descent(list, *op.root());
  return Json::array(std::move(list));
}

Result<Path> Json1::parse_path(JsonView in) {
  if (!in.is_array()) return fail(Errc::op_badly_formed, "a path is a list");
  Path path;
  std::string room;
  for (const JsonView element : in.elements()) {
    const auto index = safe_length(element);
    if (!index && !element.is_string()) {
      return fail(Errc::op_badly_formed, "a path has strings and whole numbers");
    }
    path.push_back(index ? Key(static_cast<std::int64_t>(*index)) : Key(element.string(room)));
  }
  return path;
}

Json Json1::to_json(const Path& path) {
  std::vector<Json> elements;
  for (const Key& key : path) elements.push_back(key_to_json(key));
  return Json::array(std::move(elements));
}

}  // namespace segue::ot
