// What the functions of json1 share. Private to ot/types/json1*.cc.
#pragma once

#include <algorithm>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>

#include "ot/json.h"
#include "ot/result.h"
#include "ot/type.h"
#include "ot/types/json1.h"

namespace segue::ot::json1 {

// Goes along the children of a node, for keys that are asked for in ascending order, and counts
// what an op takes from a list, or puts into it, before each.
class Finger {
 public:
  enum class Counted : std::uint8_t { taken, put };

  // A null node has no children. REQUIRES: it gets no more.
  Finger(const Node* node, Counted counted)
      : next_(node != nullptr ? node->children.begin() : nullptr),
        end_(node != nullptr ? node->children.end() : nullptr),
        counted_(counted) {}

  // The child at `key`. Counts what lies before it.
  const Node* find(const Key& key) {
    return key.is_index() ? seek_index(key.index(), false) : seek_name(key);
  }
  // The child at that key of the list as it is without what is counted: so the children that are
  // counted are never it. Counts what lies before it and at it.
  const Node* find_between(const Key& key) {
    return key.is_index() ? find_between(key.index()) : seek_name(key);
  }
  const Node* find_between(std::int64_t index) { return seek_index(index, true); }
  std::int64_t count() const { return count_; }

 private:
  bool counts(const Node& child) const {
    return counted_ == Counted::taken ? child.component.takes() : child.component.puts();
  }
  const Node* seek_index(std::int64_t index, bool between);
  const Node* seek_name(const Key& name);

  Node* const* next_;
  Node* const* end_;
  Counted counted_;
  std::int64_t count_ = 0;
};

// Calls visit(key, child of a, child of b) for each key that one of them has a child at, in order.
template <class Visit>
void for_each_child_of(const Node* a, const Node* b, const Visit& visit) {
  const auto children_of = [](const Node* node) {
    return node != nullptr ? std::span(node->children.begin(), node->children.size())
                           : std::span<Node* const>();
  };
  auto in_a = children_of(a);
  auto in_b = children_of(b);
  while (true) {
    const Node* first = in_a.empty() ? nullptr : in_a.front();
    const Node* second = in_b.empty() ? nullptr : in_b.front();
    if (first == nullptr && second == nullptr) return;
    if (first != nullptr && second != nullptr) {
      const auto order = first->key <=> second->key;
      if (std::is_gt(order)) {
        first = nullptr;
      } else if (std::is_lt(order)) {
        second = nullptr;
      }
    }
    if (first != nullptr) in_a = in_a.subspan(1);
    if (second != nullptr) in_b = in_b.subspan(1);
    visit(first != nullptr ? first->key : second->key, first, second);
  }
}

// Writes into trees in the making. What is there already may only be written again as it is: else
// the ops that are being put together were never of one document.
class Scribe {
 public:
  void pick(Node& at, Slot slot) { put(at.component.pick, slot); }
  void remove(Node& at, const Json& value) { put_value(at.component.remove, value); }
  void drop(Node& at, Slot slot) { put(at.component.drop, slot); }
  void insert(Node& at, const Json& value) { put_value(at.component.insert, value); }
  // Leaves out what does nothing.
  void edit(Node& at, const SharedEdit& edit);
  // All that is in `tree`, `at` being its root.
  void merge(Node& at, const Node& tree);
  // An index that was calculated, and the child of `at` there.
  std::int64_t index(std::int64_t calculated) {
    failed_ |= calculated < 0;
    return std::max<std::int64_t>(calculated, 0);
  }
  Node& child(Node& at, std::int64_t calculated) { return at.child(Key(index(calculated))); }

  // The finished tree as an op. Errors: op_not_applied where the writing did not work out.
  Result<Op> finish(Tree root) const;
  void fail_later() { failed_ = true; }

 private:
  template <class Field, class Value>
  void put(Field& field, const Value& value) {
    if (field && *field != value) failed_ = true;
    field = value;
  }
  // Ops that insert or remove two containers at one place are of no document, also where these are
  // equal.
  template <class Field>
  void put_value(Field& field, const Json& value) {
    if (field && (value.is_array() || value.is_object())) failed_ = true;
    put(field, value);
  }
  void put_edit(Node& at, const SharedEdit& edit) {
    if (at.component.edit && !(at.component.edit == edit)) failed_ = true;
    at.component.edit = edit;
  }

  bool failed_ = false;
};

// The value at `key` in `container`. Null if there is none, or keys of this kind do not fit.
const Json* child_of(const Json& container, const Key& key);

// Errors of these four: op_not_applied.
Result<void> check_edit(const Json& value, const Edit& edit);
Result<void> apply_edit(Json& value, const Edit& edit);
Result<Edit> compose_edits(const Edit& first, const Edit& second);
Result<Edit> transform_edit(const Edit& edit, const Edit& other, Side side);
// REQUIRES: check_edit() has nothing against it.
void apply_checked_edit(Json& value, const Edit& edit);
// Errors: op_badly_formed.
Result<Edit> inverse_of(const Edit& edit);

// The node at `path`, made if there is none.
Node& descend(Node& root, const Path& path);

// An op that does one thing.
Op remove_op(const Path& path);
Op insert_op(const Path& path, const Json& value);
Op move_op(const Path& from, const Path& to);
Op edit_op(const Path& path, const Edit& edit);

}  // namespace segue::ot::json1
