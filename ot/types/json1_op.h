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

  std::strong_ordering operator<=>(const Key& other) const;
  bool operator==(const Key& other) const { return std::is_eq(*this <=> other); }

 private:
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
  std::optional<Edit> edit;

  bool takes() const { return pick || remove; }
  bool puts() const { return drop || insert; }
  bool is_empty() const { return !takes() && !puts() && !edit; }
  bool operator==(const Component&) const = default;
};
using Slot = Component::Slot;

struct Node {
  Key key;  // the root's means nothing
  Component component;
  Node* parent = nullptr;
  std::vector<std::unique_ptr<Node>> children;  // ascending
  // Whether here or below something is taken; dropped, inserted or edited. Right once sealed.
  bool takes_inside = false;
  bool changes_inside = false;

  Node() = default;
  // The child at `key`, made if there is none. References to nodes stay valid.
  Node& child(const Key& at);
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

  bool is_noop() const { return !root_; }
  // Null if there is none.
  const Node* root() const { return root_.get(); }
  std::size_t slots() const { return picks_.size(); }
  // REQUIRES: slot < slots().
  const Node& pick(Slot slot) const { return *picks_[slot]; }
  const Node& drop(Slot slot) const { return *drops_[slot]; }
  // How many nodes have a component.
  std::size_t components() const { return components_; }

  bool operator==(const Op& other) const;

  // Takes a tree in the making: drops what is empty in it and checks the invariants.
  // Errors: op_badly_formed.
  static Result<Op> seal(std::unique_ptr<Node> root);

 private:
  std::unique_ptr<Node> root_;
  std::vector<const Node*> picks_;
  std::vector<const Node*> drops_;
  std::size_t components_ = 0;

  bool index(Node& node);
  bool note(std::vector<const Node*>& places, Slot slot, const Node& node) const;
};

}  // namespace segue::ot::json1
