#include "ot/types/json1_parts.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "ot/assert.h"
#include "ot/types/text_edit.h"

namespace segue::ot::json1 {
namespace {

template <class Write>
Op op_of(Write write) {
  auto root = Tree::make();
  write(*root);
  auto op = Op::seal(std::move(root));
  OT_ASSERT(op.has_value());
  return std::move(*op);
}

tl::unexpected<Error> not_applied(std::string detail) {
  return fail(Errc::op_not_applied, std::move(detail));
}

tl::unexpected<Error> incompatible() {
  return not_applied("two edits of one value differ in type");
}

// A sum, as long as it is a number.
Result<double> sum(double a, double b) {
  const double result = a + b;
  if (std::isfinite(result)) return result;
  return not_applied("the sum is no number");
}

}  // namespace

const Node* Finger::seek_index(std::int64_t index, bool between) {
  for (; next_ != end_ && (*next_)->key.is_index(); ++next_) {
    const Node& child = **next_;
    const bool counted = counts(child);
    const std::int64_t place = child.key.index() - (between ? count_ : 0);
    if (place > index) return nullptr;
    if (place == index && !(between && counted)) return &child;
    if (counted) ++count_;
  }
  return nullptr;
}

// Indexes come before names.
const Node* Finger::seek_name(const Key& name) {
  for (; next_ != end_; ++next_) {
    const Node& child = **next_;
    const auto order = child.key <=> name;
    if (std::is_gt(order)) return nullptr;
    if (std::is_eq(order)) return &child;
  }
  return nullptr;
}

void Scribe::edit(Node& at, const SharedEdit& edit) {
  if (edit->is_noop()) return;
  const bool is_brief = edit->spelling == Edit::Spelling::brief;
  put_edit(at, is_brief ? edit : Edit{edit->change, Edit::Spelling::brief});
}

void Scribe::merge(Node& at, const Node& tree) {
  const Component& component = tree.component;
  if (component.pick) pick(at, *component.pick);
  if (component.remove) remove(at, *component.remove);
  if (component.drop) drop(at, *component.drop);
  if (component.insert) insert(at, *component.insert);
  if (component.edit) put_edit(at, component.edit);
  for (const Node* child : tree.children) merge(at.child(child->key), *child);
}

Result<Op> Scribe::finish(Tree root) const {
  auto op = failed_ ? Result<Op>(fail(Errc::op_not_applied, "")) : Op::seal(std::move(root));
  if (op) return op;
  return not_applied("these ops cannot be of one document");
}

const Json* child_of(const Json& container, const Key& key) {
  if (!key.is_index()) return container.find(key.name());
  const auto index = static_cast<std::size_t>(key.index());
  return container.is_array() && index < container.size() ? &container[index] : nullptr;
}

Result<void> check_edit(const Json& value, const Edit& edit) {
  if (const auto* text = std::get_if<TextUnicode::Op>(&edit.change)) {
    if (!value.is_string()) return not_applied("only a text is edited as one");
    if (value.text().has_lone_surrogate()) {
      return not_applied("a text with a lone surrogate is not edited");
    }
    return TextUnicode::check_fits(*text, value.text());
  }
  if (!value.is_number()) return not_applied("only to a number can be added");
  const auto result = sum(value.number(), std::get<double>(edit.change));
  if (!result) return fail(result.error());
  return {};
}

Result<void> apply_edit(Json& value, const Edit& edit) {
  auto fits = check_edit(value, edit);
  if (fits) apply_checked_edit(value, edit);
  return fits;
}

void apply_checked_edit(Json& value, const Edit& edit) {
  if (const auto* op = std::get_if<TextUnicode::Op>(&edit.change)) {
    value.edit_text([&](Text& text) { edit_text(text, op->parts.span(), op->inserted); });
  } else {
    value = Json(value.number() + std::get<double>(edit.change));
  }
}

Result<Edit> compose_edits(const Edit& first, const Edit& second) {
  if (!first.is_like(second)) return incompatible();
  if (const auto* text = std::get_if<TextUnicode::Op>(&first.change)) {
    auto composed = TextUnicode::compose(*text, std::get<TextUnicode::Op>(second.change));
    if (!composed) return fail(std::move(composed.error()));
    return Edit{std::move(*composed)};
  }
  const auto result = sum(std::get<double>(first.change), std::get<double>(second.change));
  if (!result) return fail(result.error());
  return Edit{*result};
}

Result<Edit> transform_edit(const Edit& edit, const Edit& other, Side side) {
  if (!edit.is_like(other)) return incompatible();
  const auto* text = std::get_if<TextUnicode::Op>(&edit.change);
  if (text == nullptr) return edit;
  auto transformed = TextUnicode::transform(*text, std::get<TextUnicode::Op>(other.change), side);
  if (!transformed) return fail(std::move(transformed.error()));
  return Edit{std::move(*transformed)};
}

Result<Edit> inverse_of(const Edit& edit) {
  const auto* text = std::get_if<TextUnicode::Op>(&edit.change);
  if (text == nullptr) return Edit{-std::get<double>(edit.change)};
  auto inverse = TextUnicode::invert(*text);
  if (!inverse) return fail(std::move(inverse.error()));
  return Edit{std::move(*inverse)};
}

Node& descend(Node& root, const Path& path) {
  Node* at = &root;
  for (const Key& key : path) at = &at->child(key);
  return *at;
}

Op remove_op(const Path& path) {
  return op_of([&](Node& root) { descend(root, path).component.remove = Json(true); });
}

Op insert_op(const Path& path, const Json& value) {
  return op_of([&](Node& root) { descend(root, path).component.insert = value; });
}

Op move_op(const Path& from, const Path& to) {
  return op_of([&](Node& root) {
    descend(root, from).component.pick = 0;
    descend(root, to).component.drop = 0;
  });
}

Op edit_op(const Path& path, const Edit& edit) {
  return op_of([&](Node& root) { descend(root, path).component.edit = Edit{edit.change}; });
}

}  // namespace segue::ot::json1
