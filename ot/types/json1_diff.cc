// diff(): what json0 finds, said in json1.
#include <span>
#include <utility>
#include <vector>

#include "ot/assert.h"
#include "ot/types/json0.h"
#include "ot/types/json1.h"
#include "ot/types/json1_parts.h"

namespace segue::ot {
namespace {

using json1::child_of;
using json1::Edit;
using json1::Key;
using json1::Op;
using json1::Path;

Path path_of(const Json0::Path& elements) {
  Path path;
  for (const auto& element : elements) {
    const auto* index = std::get_if<Json0::Index>(&element);
    path.push_back(index ? Key(*index) : Key(std::string_view(std::get<std::string>(element))));
  }
  return path;
}

const Json& value_at(const Json& doc, const Path& path) {
  const Json* value = &doc;
  for (const Key& key : path) value = child_of(*value, key);
  return *value;
}

Op sealed(json1::Tree root) {
  auto op = Op::seal(std::move(root));
  OT_ASSERT(op.has_value());
  return std::move(*op);
}

// Says the components of a json0 op one by one, along with the document that they change.
class Translation {
 public:
  explicit Translation(Json doc) : doc_(std::move(doc)) {}

  Op next(const Json0::Component& component) {
    const Path path = path_of(component.path);
    const auto* move = std::get_if<Json0::ListMove>(&component.instruction);
    const auto* text = std::get_if<Json0::TextEdit>(&component.instruction);
    const Json before = text ? value_at(doc_, path) : Json();
    OT_ASSERT(Json0::apply(doc_, {component}).has_value());
    if (text) return text_edit(path, before);
    if (move) return this->move(path, move->to);
    return std::visit([&](const auto& edit) { return replacement(path, edit); },
                      component.instruction);
  }

 private:
  Op text_edit(const Path& path, const Json& before) const {
    const Json& after = value_at(doc_, path);
    if (before.text().has_lone_surrogate() || after.text().has_lone_surrogate()) {
      return replaced(path, before, after);
    }
    return json1::edit_op(path, Edit{TextUnicode::diff(before.text(), after.text())});
  }

  static Op move(const Path& from, Json0::Index to_index) {
    Path to = from;
    to.back() = Key(to_index);
    return json1::move_op(from, to);
  }

  template <class Instruction>
  static Op replacement(const Path& path, const Instruction& edit) {
    if constexpr (requires {
                    edit.removed;
                    edit.inserted;
                  }) {
      return replaced(path, edit.removed, edit.inserted);
    } else {
      OT_ASSERT(false);  // json0's diff says nothing else.
      return {};
    }
  }

  static Op replaced(const Path& path, std::optional<Json> removed, std::optional<Json> inserted) {
    auto root = json1::Tree::make();
    auto& component = json1::descend(*root, path).component;
    component.remove = std::move(removed);
    component.insert = std::move(inserted);
    return sealed(std::move(root));
  }

  Json doc_;
};

// In halves, so that no op is composed more often than need be.
Result<Op> in_a_row(std::span<const Op> ops) {
  if (ops.empty()) return Op();
  if (ops.size() == 1) return ops.front();
  auto first = in_a_row(ops.first(ops.size() / 2));
  if (!first) return first;
  auto second = in_a_row(ops.subspan(ops.size() / 2));
  if (!second) return second;
  return Json1::compose(*first, *second);
}

}  // namespace

Op Json1::diff(const Json& doc, const Json& target) {
  Translation translation(doc);
  std::vector<Op> ops;
  for (const auto& component : Json0::diff(doc, target)) ops.push_back(translation.next(component));
  auto op = in_a_row(ops);
  OT_ASSERT(op.has_value());
  return std::move(*op);
}

}  // namespace segue::ot
