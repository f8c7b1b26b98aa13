// How json1 ops are read, checked and printed.
#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "ot/types/json1.h"

namespace segue::ot {
namespace {

using json1::Component;
using json1::Edit;
using json1::Key;
using json1::Node;
using json1::Op;
using json1::Path;
using json1::Slot;
using json1::Tree;

constexpr std::string_view number_name = "number";
constexpr double int32_max = 2'147'483'647;

// What a reader makes of the edits in an op.
enum class Edits { unread, as_they_are, normal };

std::optional<std::size_t> whole_number(const Json& in) {
  if (!in.is_number() || in.number() > int32_max) return std::nullopt;
  return safe_length(in);
}

// As JavaScript takes it for a condition.
bool is_truthy(const Json* value) {
  if (value == nullptr || value->is_null()) return false;
  if (value->is_bool()) return value->boolean();
  if (value->is_number()) return value->number() != 0;
  return !value->is_string() || !value->text().empty();
}

bool is_known_subtype(const Json& name) {
  return name == Json(TextUnicode::name) || name == Json(TextUnicode::uri) ||
         name == Json(number_name);
}

class Reader {
 public:
  Reader(Edits edits, std::size_t components_max)
      : edits_(edits), components_max_(components_max) {}

  // None if nothing happens.
  Result<Tree> read(const Json& in) {
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
  Result<void> read_descent(const Json& in, Node& above, std::size_t depth) {
    if (!in.is_array()) return malformed("an op is null or a list");
    if (in.size() == 0) return malformed("a descent is not empty");
    Node* at = &above;
    Last last = Last::key;
    std::size_t descents = 0;
    for (std::size_t i = 0; i < in.size(); ++i) {
      const Json& element = in[i];
      if (element.is_array()) {
        auto read = read_child(element, *at, depth);
        if (!read) return read;
        ++descents;
        last = Last::descent;
      } else if (element.is_object()) {
        if (last != Last::key) return malformed("a component follows a key, or begins the op");
        auto component = read_component(element);
        if (!component) return fail(std::move(component.error()));
        at->component = std::move(*component);
        last = Last::component;
      } else {
        if (last == Last::descent) return malformed("no key follows a descent");
        auto key = read_key(element, ++depth);
        if (!key) return fail(std::move(key.error()));
        at = &at->child(*key);
        last = Last::key;
      }
    }
    if (descents == 1) return malformed("a single descent goes on without a list of its own");
    if (last == Last::key) return malformed("a descent does not end in a key");
    return {};
  }

  Result<void> read_child(const Json& in, Node& parent, std::size_t depth) {
    if (in.size() > 0 && !is_key(in[0])) return malformed("a descent begins with a key");
    if (in.size() > 0 && !parent.children.empty()) {
      const auto key = read_key(in[0], depth + 1);
      if (!key) return fail(key.error());
      if (!(parent.children.back()->key < *key)) {
        return malformed("descents stand in the order of their keys, indexes first");
      }
    }
    return read_descent(in, parent, depth);
  }

  static bool is_key(const Json& in) { return in.is_number() || in.is_string(); }

  Result<Key> read_key(const Json& in, std::size_t depth) const {
    if (depth > op_path_length_max) {
      return fail(Errc::too_large, "a path in an op has at most " +
                                       std::to_string(op_path_length_max) + " elements");
    }
    if (in.is_string()) {
      if (in.text() == "__proto__") return malformed("__proto__ is no key");
      return Key(std::string_view(in.str()));
    }
    const auto index = whole_number(in);
    if (!index) return malformed("a key is a string, or a whole number from 0 to 2147483647");
    return Key(static_cast<std::int64_t>(*index));
  }

  Result<Component> read_component(const Json& in) {
    if (components_ == components_max_) return fail_too_many(components_max_);
    if (in.size() == 0) return malformed("it says nothing");
    const auto known = check_fields(in);
    if (!known) return fail(known.error());
    Component component;
    auto slot = read_slot(in.find("p"), picked_);
    if (!slot) return fail(std::move(slot.error()));
    component.pick = *slot;
    slot = read_slot(in.find("d"), dropped_);
    if (!slot) return fail(std::move(slot.error()));
    component.drop = *slot;
    if (const Json* removed = in.find("r")) component.remove = *removed;
    if (const Json* inserted = in.find("i")) component.insert = *inserted;
    if (component.pick && component.remove) return malformed("p and r exclude each other");
    if (component.drop && component.insert) return malformed("d and i exclude each other");
    auto edit = edits_ == Edits::unread ? check_edit(in) : read_edit(in);
    if (!edit) return fail(std::move(edit.error()));
    if (*edit) component.edit = std::move(**edit);
    ++components_;
    return component;
  }

  Result<void> check_fields(const Json& in) const {
    bool is_known = true;
    in.for_each_member([&](std::string_view field, const Json&) {
      constexpr std::array<std::string_view, 8> fields = {"p", "r",  "d",   "i",
                                                          "e", "es", "ena", "et"};
      is_known &= std::ranges::find(fields, field) != fields.end();
    });
    if (is_known) return {};
    return malformed("its fields are p, r, d, i, es, ena, et and e");
  }

  Result<std::optional<Slot>> read_slot(const Json* in, std::vector<Slot>& seen) {
    if (in == nullptr) return std::nullopt;
    const auto slot = whole_number(*in);
    if (!slot) return malformed("a slot is a whole number from 0 to 2147483647");
    seen.push_back(*slot);
    return *slot;
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
  Result<std::optional<Edit>> check_edit(const Json& in) const {
    const Json* type = in.find("et");
    const Json* text = in.find("es");
    const Json* number = in.find("ena");
    const int edits = (in.find("e") ? 1 : 0) + (text ? 1 : 0) + (number ? 1 : 0);
    if (edits > 1) return malformed("it has one edit at most");
    const bool has_type = is_truthy(type) ? is_known_subtype(*type)
                                          : is_truthy(text) || (number && !number->is_null());
    if (edits == 1 && !has_type) return malformed("an edit is one of text-unicode or number");
    return std::nullopt;
  }

  Result<std::optional<Edit>> read_edit(const Json& in) const {
    auto checked = check_edit(in);
    if (!checked) return checked;
    const Json* type = in.find("et");
    const Json* edit = in.find("e");
    if ((type != nullptr) != (edit != nullptr)) return malformed("et and e go together");
    if (const Json* text = in.find("es")) return read_text(*text, Edit::Spelling::brief);
    if (const Json* number = in.find("ena")) return read_number(*number, Edit::Spelling::brief);
    if (type == nullptr) return std::nullopt;
    if (*type == Json(number_name)) return read_number(*edit, Edit::Spelling::name);
    const bool by_name = *type == Json(TextUnicode::name);
    return read_text(*edit, by_name ? Edit::Spelling::name : Edit::Spelling::uri);
  }

  Result<std::optional<Edit>> read_text(const Json& in, Edit::Spelling spelling) const {
    const auto checked = TextUnicode::check(in);
    if (!checked) return malformed("edit of text: " + checked.error().detail);
    auto op = edits_ == Edits::normal ? TextUnicode::parse(in) : TextUnicode::read(in);
    if (op) return Edit{std::move(*op), spelling};
    return fail_at(components_, op.error().code, "edit of text: " + op.error().detail);
  }

  Result<std::optional<Edit>> read_number(const Json& in, Edit::Spelling spelling) const {
    if (!in.is_number()) return malformed("what is added to a number is one");
    return Edit{in.number(), spelling};
  }

  Edits edits_;
  std::size_t components_max_;
  std::size_t components_ = 0;  // read so far
  std::vector<Slot> picked_;
  std::vector<Slot> dropped_;
};

Result<Op> read_op(const Json& in, Edits edits, std::size_t components_max) {
  auto root = Reader(edits, components_max).read(in);
  if (!root) return fail(std::move(root.error()));
  return Op::seal(std::move(*root));
}

Json key_to_json(const Key& key) { return key.is_index() ? Json(key.index()) : Json(key.name()); }

using Fields = std::vector<std::pair<std::string, Json>>;

void add_edit(Fields& fields, const Edit& edit) {
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
  Fields fields;
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

Result<void> Json1::check(const Json& in) {
  const auto root = Reader(Edits::unread, SIZE_MAX).read(in);
  if (!root) return fail(root.error());
  return {};
}

Result<Op> Json1::parse(const Json& in, std::size_t components_max) {
  return read_op(in, Edits::normal, components_max);
}

Result<Op> Json1::read(const Json& in, std::size_t components_max) {
  return read_op(in, Edits::as_they_are, components_max);
}

Json Json1::to_json(const Op& op) {
  if (op.is_noop()) return {};
  std::vector<Json> list;
  add_descent(list, *op.root());
  return Json::array(std::move(list));
}

Result<Path> Json1::parse_path(const Json& in) {
  if (!in.is_array()) return fail(Errc::op_badly_formed, "a path is a list");
  Path path;
  for (std::size_t at = 0; at < in.size(); ++at) {
    const auto index = safe_length(in[at]);
    if (!index && !in[at].is_string()) {
      return fail(Errc::op_badly_formed, "a path has strings and whole numbers");
    }
    path.push_back(index ? Key(static_cast<std::int64_t>(*index))
                         : Key(std::string_view(in[at].str())));
  }
  return path;
}

Json Json1::to_json(const Path& path) {
  std::vector<Json> elements;
  for (const Key& key : path) elements.push_back(key_to_json(key));
  return Json::array(std::move(elements));
}

}  // namespace segue::ot
