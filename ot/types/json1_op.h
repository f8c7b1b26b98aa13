// The op of json1: a tree with the shape of what it changes.
//
// A node stands for one place. Its component says what happens there: something is picked up or
// removed, something is dropped or inserted, what is there then is edited. Places of picks are
// those before the op, places of drops and edits those after it.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "ot/boxed.h"
#include "ot/json.h"
#include "ot/json_key.h"
#include "ot/types/text_unicode.h"

namespace segue::ot::json1 {

// An index of a list, or a key of an object. Indexes come first, keys in JavaScript's order.
class Key {
 public:
  Key() = default;
  explicit Key(std::int64_t index) : key_(index) {}
  explicit Key(std::string_view name) : key_(JsonKey(name)) {}

  bool is_index() const { return std::holds_alternative<std::int64_t>(key_); }
  // REQUIRES: the kind fits.
  std::int64_t index() const { return std::get<std::int64_t>(key_); }
  std::string_view name() const { return std::get<JsonKey>(key_).view(); }

  std::strong_ordering operator<=>(const Key& other) const {
    const auto* mine = std::get_if<std::int64_t>(&key_);
    const auto* theirs = std::get_if<std::int64_t>(&other.key_);
    return mine != nullptr && theirs != nullptr ? *mine <=> *theirs : compare_names(other);
  }
  bool operator==(const Key& other) const { return std::is_eq(*this <=> other); }

 private:
  std::strong_ordering compare_names(const Key& other) const;

  std::variant<std::int64_t, JsonKey> key_;
};
using Path = std::vector<Key>;

// An edit by a type of its own: of a text (es), or of a number by adding (ena).
struct Edit {
  using Change = std::variant<TextUnicode::Op, double>;
  // How the type was named. Only what comes back as it was sent shows it.
  enum class Spelling : std::uint8_t { brief, name, uri };

  Change change;
  Spelling spelling = Spelling::brief;

  // Of an addition never, as the reference has it.
  bool is_noop() const;
  // Whether both are of one type.
  bool is_like(const Edit& other) const { return change.index() == other.change.index(); }
  bool operator==(const Edit& other) const { return change == other.change; }
};

// INVARIANT: no pick beside a remove, no drop beside an insert.
struct Component {
  using Slot = std::size_t;

  std::optional<Slot> pick;
  std::optional<Json> remove;  // what is removed, or anything else
  std::optional<Slot> drop;
  std::optional<Json> insert;
  Boxed<Edit> edit;

  bool takes() const { return pick || remove; }
  bool puts() const { return drop || insert; }
  bool is_empty() const { return !takes() && !puts() && !edit; }
  bool operator==(const Component&) const = default;
};
using Slot = Component::Slot;

class Nodes;

struct Node {
  Key key;  // the root's means nothing
  Component component;
  Node* parent = nullptr;
  std::vector<Node*> children;  // ascending; of the same tree
  // Whether here or below something is taken; dropped, inserted or edited. Right once sealed.
  bool takes_inside = false;
  bool changes_inside = false;

  Node(Nodes& of_tree, Node* above) : parent(above), nodes_(of_tree) {}
  // The child at `key`, made if there is none. References to nodes stay valid.
  Node& child(Key at);

  Node(const Node&) = delete;
  Node(Node&&) = default;  // what a vector of them asks for
  Node& operator=(const Node&) = delete;
  Node& operator=(Node&&) = delete;
  ~Node() = default;

 private:
  Nodes& nodes_;
};

// The nodes of one tree. They come and go together, so they stand in blocks.
class Nodes {
 public:
  Node& make(Node* parent);
  Node& root() { return blocks_.front().front(); }

 private:
  std::vector<std::vector<Node>> blocks_;  // each is filled up to its capacity
};

// A tree in the making, or none.
class Tree {
 public:
  Tree() = default;
  // A root that says nothing.
  static Tree make();

  explicit operator bool() const { return nodes_ != nullptr; }
  // REQUIRES: there is one.
  Node& operator*() const { return nodes_->root(); }
  Node* operator->() const { return &nodes_->root(); }
  // Null for none.
  Node* get() const { return nodes_ ? &nodes_->root() : nullptr; }

 private:
  std::unique_ptr<Nodes> nodes_;
};

// Nothing below `node`, and `node` itself, for what is not there.
const Component& component_of(const Node* node);

// Where a node stands, from the root.
Path path_of(const Node& node);

// An op, immutable; nothing, or a tree. INVARIANT: slots are 0 to slots() - 1, each picked once and
// dropped once; no leaf is empty.
class Op {
 public:
  Op() = default;
  Op(const Op& other);
  Op(Op&& other) noexcept = default;
  Op& operator=(const Op& other);
  Op& operator=(Op&& other) noexcept = default;
  ~Op() = default;

  bool is_noop() const { return !tree_; }
  // Null if there is none.
  const Node* root() const { return tree_.get(); }
  std::size_t slots() const { return picks_.size(); }
  // REQUIRES: slot < slots().
  const Node& pick(Slot slot) const { return *picks_[slot]; }
  const Node& drop(Slot slot) const { return *drops_[slot]; }
  // How many nodes have a component.
  std::size_t components() const { return components_; }

  bool operator==(const Op& other) const;

  // Takes a tree in the making: drops what is empty in it and checks the invariants.
  // Errors: op_badly_formed.
  static Result<Op> seal(Tree tree);

 private:
  Tree tree_;
  std::vector<const Node*> picks_;
  std::vector<const Node*> drops_;
  std::size_t components_ = 0;

  bool index(Node& node);
  bool note(std::vector<const Node*>& places, Slot slot, const Node& node) const;
};

}  // namespace segue::ot::json1
