// json0: merging, compose and invert.
#include <algorithm>
#include <cmath>

#include "ot/types/json0_parts.h"

namespace segue::ot {
namespace {

using namespace json0_parts;  // NOLINT(google-build-using-namespace): this is its implementation.

// JavaScript's ===, which the reference compares values with: objects and arrays are never equal.
bool same_primitive(const Json& a, const Json& b) {
  return !a.is_array() && !a.is_object() && a == b;
}

// Each merge below answers whether it took `next` in. `last` is op.back(), on the same path.

bool merge_text(Op& op, const Component& next) {
  auto* last = as<TextEdit>(op.back());
  const auto* edit = as<TextEdit>(next);
  if (last == nullptr || edit == nullptr) return false;
  for (const Text0::Component& component : edit->op) Text0::append(last->op, component);
  return true;
}

bool cancel_list_insert(Op& op, const Component& next) {
  auto* last = as<ListEdit>(op.back());
  const auto* edit = as<ListEdit>(next);
  if (last == nullptr || edit == nullptr || edit->inserted || !last->inserted) return false;
  if (!same_primitive(*last->inserted, *edit->removed)) return false;
  last->inserted.reset();
  if (!last->removed) op.pop_back();
  return true;
}

bool merge_object_edit(Op& op, const Component& next) {
  auto* last = as<ObjectEdit>(op.back());
  const auto* edit = as<ObjectEdit>(next);
  if (last == nullptr || edit == nullptr) return false;
  const bool replaces = !last->inserted && edit->inserted && !edit->removed;
  const bool overwrites = last->inserted && edit->removed;
  if (!replaces && !overwrites) return false;
  last->inserted = edit->inserted;
  if (!last->inserted && !last->removed) op.pop_back();
  return true;
}

bool moves_nowhere(const Component& next) {
  const auto* move = as<ListMove>(next);
  return move != nullptr && next.path.back() == PathElement(move->to);
}

// si and sd merge as text0 does. True if `next` was taken care of.
bool merge_old_string_edit(Op& op, const Component& next) {
  if (!is_old_string_edit(op.back()) || !is_old_string_edit(next)) return false;
  Path string = parent_path(next.path);
  if (parent_path(op.back().path) != string) return false;
  Text0::Op edits{to_text0(op.back())};
  Text0::append(edits, to_text0(next));
  op.pop_back();
  for (const Text0::Component& edit : edits) op.push_back(from_text0(string, edit));
  return true;
}

struct Inverse {
  Component operator()(Path path, const NumberAdd& add) const {
    return {std::move(path), NumberAdd{-add.amount}};
  }
  Component operator()(Path path, const ListEdit& edit) const {
    return {std::move(path), ListEdit{edit.inserted, edit.removed}};
  }
  Component operator()(Path path, const ListMove& move) const {
    const Index from = *index_of(path.back());
    path.back() = move.to;
    return {std::move(path), ListMove{from}};
  }
  Component operator()(Path path, const ObjectEdit& edit) const {
    return {std::move(path), ObjectEdit{edit.inserted, edit.removed}};
  }
  Component operator()(Path path, const StringInsert& insert) const {
    return {std::move(path), StringDelete{insert.text}};
  }
  Component operator()(Path path, const StringDelete& deletion) const {
    return {std::move(path), StringInsert{deletion.text}};
  }
  Component operator()(Path path, const TextEdit& edit) const {
    return {std::move(path), TextEdit{*Text0::invert(edit.op)}};
  }
};

}  // namespace

Result<void> json0_parts::append(Op& op, Component component) {
  if (op.empty()) {
    op.push_back(std::move(component));
    return {};
  }
  if (merge_old_string_edit(op, component)) return {};
  if (op.back().path != component.path) {
    op.push_back(std::move(component));
    return {};
  }
  auto* last_add = as<NumberAdd>(op.back());
  const auto* add = as<NumberAdd>(component);
  if (last_add != nullptr && add != nullptr) {
    last_add->amount += add->amount;
    if (std::isfinite(last_add->amount)) return {};
    return fail(Errc::op_not_applied, "two na add up to more than a number holds");
  }
  const bool merged = merge_text(op, component) || cancel_list_insert(op, component) ||
                      merge_object_edit(op, component) || moves_nowhere(component);
  if (!merged) op.push_back(std::move(component));
  return {};
}

Result<Json0::Op> Json0::compose(const Op& first, const Op& second) {
  Op composed = first;
  for (const Component& component : second) {
    auto appended = append(composed, component);
    if (!appended) return fail(std::move(appended.error()));
  }
  return composed;
}

Result<Json0::Op> Json0::invert(const Op& op) {
  Op inverse;
  std::for_each(op.rbegin(), op.rend(), [&](const Component& component) {
    inverse.push_back(
        std::visit([&](const auto& instruction) { return Inverse{}(component.path, instruction); },
                   component.instruction));
  });
  return inverse;
}

}  // namespace segue::ot
