// What the functions of json1 share. Private to ot/types/json1*.cc.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

#include "ot/function_ref.h"
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

  // A null node has no children.
  Finger(const Node* node, Counted counted) : node_(node), counted_(counted) {}

  // The child at `key`. Counts what lies before it.
  const Node* find(const Key& key) { return seek(key, false); }
  // The child at that key of the list as it is without what is counted: so the children that are
  // counted are never it. Counts what lies before it and at it.
  const Node* find_between(const Key& key) { return seek(key, true); }
  std::int64_t count() const { return count_; }

 private:
  bool counts(const Node& child) const {
    return counted_ == Counted::taken ? child.component.takes() : child.component.puts();
  }
  const Node* seek(const Key& key, bool between);
  const Node* seek_index(std::int64_t index, bool between);
  const Node* seek_name(const Key& name);

  const Node* node_;
  Counted counted_;
  std::size_t next_ = 0;
  std::int64_t count_ = 0;
};

// Calls visit(key, child of a, child of b) for each key that one of them has a child at, in order.
void for_each_child_of(const Node* a, const Node* b,
                       FunctionRef<void(const Key&, const Node*, const Node*)> visit);

// Writes into trees in the making. What is there already may only be written again as it is: else
// the ops that are being put together were never of one document.
class Scribe {
 public:
  void pick(Node& at, Slot slot) { put(at.component.pick, slot); }
  void remove(Node& at, const Json& value) { put_value(at.component.remove, value); }
  void drop(Node& at, Slot slot) { put(at.component.drop, slot); }
  void insert(Node& at, const Json& value) { put_value(at.component.insert, value); }
  // Leaves out what does nothing.
  void edit(Node& at, const Edit& edit);
  // All that is in `tree`, `at` being its root.
  void merge(Node& at, const Node& tree);
  // An index that was calculated, and the child of `at` there.
  Key key(std::int64_t index);
  Node& child(Node& at, std::int64_t index) { return at.child(key(index)); }

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

  bool failed_ = false;
};

// The value at `key` in `container`. Null if there is none, or keys of this kind do not fit.
const Json* child_of(const Json& container, const Key& key);

// Errors of all five: op_not_applied. Checked is what check_edit() has nothing against.
Result<void> check_edit(const Json& value, const Edit& edit);
Result<void> apply_checked_edit(Json& value, const Edit& edit);
Result<void> apply_edit(Json& value, const Edit& edit);
Result<Edit> compose_edits(const Edit& first, const Edit& second);
Result<Edit> transform_edit(const Edit& edit, const Edit& other, Side side);
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
