// The op of json1: a tree with the shape of what it changes.
//
// A node stands for one place. Its component says what happens there: something is picked up or
// removed, something is dropped or inserted, what is there then is edited. Places of picks are
// those before the op, places of drops and edits those after it.
#pragma once

#include <array>
#include <bit>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <memory>
#include <new>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "ot/assert.h"
#include "ot/cow.h"
#include "ot/json.h"
#include "ot/json_key.h"
#include "ot/types/text_unicode.h"

namespace segue::ot::json1 {

// An index of a list, or a key of an object. Indexes come first, keys in JavaScript's order.
// NOLINTNEXTLINE(cppcoreguidelines-special-member-functions): one assignment serves copy and move.
class Key {
 public:
  Key() noexcept : Key(std::int64_t{0}) {}
  explicit Key(std::int64_t index) noexcept : index_{.value = index} {}
  explicit Key(std::string_view name) : name_(name) {}
  Key(const Key& other) noexcept {
    if (other.is_index()) {
      std::construct_at(&index_, other.index_);
    } else {
      std::construct_at(&name_, other.name_);
    }
  }
  Key(Key&& other) noexcept { take(other); }
  Key& operator=(Key other) noexcept {
    drop();
    take(other);
    return *this;
  }
  ~Key() { drop(); }

  bool is_index() const noexcept { return (words()[0] & 0xFF) == JsonKey::no_size; }
  // REQUIRES: the kind fits.
  std::int64_t index() const noexcept {
    OT_ASSERT(is_index());
    return index_.value;
  }
  const JsonKey& key() const noexcept {
    OT_ASSERT(!is_index());
    return name_;
  }
  std::string_view name() const noexcept { return key().view(); }

  std::strong_ordering operator<=>(const Key& other) const {
    if (is_index() && other.is_index()) return index_.value <=> other.index_.value;
    if (is_in_place() && words() == other.words()) return std::strong_ordering::equal;
    return compare_names(other);
  }
  bool operator==(const Key& other) const { return std::is_eq(*this <=> other); }

 private:
  using Words = std::array<std::uint64_t, 3>;
  // Begins where a name has its size.
  struct Index {
    std::uint64_t tag = JsonKey::no_size;
    std::int64_t value = 0;
    std::uint64_t rest = 0;
  };
  static_assert(sizeof(Index) == sizeof(Words) && sizeof(JsonKey) == sizeof(Words));
  static_assert(moves_as_bytes<JsonKey> && std::endian::native == std::endian::little);

  // Of a long name, which begins with a larger size, only a pointer is here.
  bool is_in_place() const noexcept { return (words()[0] & 0xFF) <= JsonKey::no_size; }
  // All of it at once.
  Words words() const noexcept {
    Words words;
    std::memcpy(&words, static_cast<const void*>(this), sizeof words);
    return words;
  }
  void take(Key& other) noexcept {
    std::memcpy(static_cast<void*>(this), static_cast<const void*>(&other), sizeof *this);
    std::construct_at(&other.index_);
  }
  void drop() noexcept {
    if (!is_index()) std::destroy_at(&name_);
  }
  std::strong_ordering compare_names(const Key& other) const;

  union {
    Index index_;
    JsonKey name_;
  };
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

// An edit or none. It never changes, so that ops share it.
class SharedEdit {
 public:
  constexpr SharedEdit() noexcept = default;
  // NOLINTNEXTLINE(google-explicit-constructor): as std::optional.
  SharedEdit(Edit edit) : held_(Cow<Held>::adopt(new Held(std::move(edit)))) {}

  explicit operator bool() const noexcept { return static_cast<bool>(held_); }
  // REQUIRES below: there is one.
  const Edit& operator*() const noexcept { return held_->edit; }
  const Edit* operator->() const noexcept { return &held_->edit; }

  bool operator==(const SharedEdit& other) const {
    return held_ == other.held_ || (*this && other && **this == *other);
  }

 private:
  struct Held final : RefCounted {
    explicit Held(Edit of) : edit(std::move(of)) {}
    Edit edit;
  };
  Cow<Held> held_;
};

using Slot = std::size_t;

// A slot or none, in half the room.
class MaybeSlot {
 public:
  constexpr MaybeSlot() noexcept = default;
  // NOLINTNEXTLINE(google-explicit-constructor): as std::optional.
  MaybeSlot(Slot slot) : slot_(static_cast<std::uint32_t>(slot)) { OT_ASSERT(slot < none); }

  explicit operator bool() const noexcept { return slot_ != none; }
  // REQUIRES: there is one.
  Slot operator*() const noexcept { return slot_; }
  bool operator==(const MaybeSlot&) const noexcept = default;

 private:
  static constexpr std::uint32_t none = UINT32_MAX;

  std::uint32_t slot_ = none;
};

// INVARIANT: no pick beside a remove, no drop beside an insert.
struct Component {
  MaybeSlot pick;
  MaybeSlot drop;
  std::optional<Json> remove;  // what is removed, or anything else
  std::optional<Json> insert;
  SharedEdit edit;

  bool takes() const { return pick || remove; }
  bool puts() const { return drop || insert; }
  bool is_empty() const { return !takes() && !puts() && !edit; }
  bool operator==(const Component&) const = default;
};

class Nodes;
struct Node;

// The children of a node. One stands in place, more stand among the nodes of their tree.
class Children {
 public:
  std::size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }
  Node* const* begin() const noexcept { return room_ == 0 ? &only_ : many_; }
  Node* const* end() const noexcept { return begin() + size_; }
  auto rbegin() const noexcept { return std::reverse_iterator(end()); }
  auto rend() const noexcept { return std::reverse_iterator(begin()); }
  // REQUIRES below: at < size().
  Node* operator[](std::size_t at) const noexcept { return begin()[at]; }
  Node* front() const noexcept { return begin()[0]; }
  Node* back() const noexcept { return begin()[size_ - 1]; }

  void reserve(std::size_t size, Nodes& of_tree);
  void insert(std::size_t at, Node* child, Nodes& of_tree);
  // Keeps those for which keep(Node&) says so.
  template <class Keep>
  void filter(const Keep& keep) {
    Node** to = room_ == 0 ? &only_ : many_;
    for (Node* child : *this) {
      if (keep(*child)) *to++ = child;
    }
    size_ = static_cast<std::uint32_t>(to - begin());
  }

 private:
  union {
    Node* only_ = nullptr;
    Node** many_;
  };
  std::uint32_t size_ = 0;
  std::uint32_t room_ = 0;  // 0 for a single one
};

struct Node {
  Key key;  // the root's means nothing
  Component component;
  Node* parent = nullptr;
  Children children;  // ascending; of the same tree
  // Whether here or below something is taken; dropped, inserted or edited. Right once sealed.
  bool takes_inside = false;
  bool changes_inside = false;

  Node(Nodes& of_tree, Node* above, const Key& at) : key(at), parent(above), nodes_(of_tree) {}
  // The child at `key`, made if there is none. References to nodes stay valid.
  Node& child(const Key& at);
  // Before so many children are made.
  void reserve(std::size_t size) { children.reserve(size, nodes_); }

  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;
  ~Node() = default;

 private:
  Nodes& nodes_;
};

// The nodes of one tree. They come and go together, so they stand in blocks, and lists of children
// at the other end of these.
class Nodes {
 public:
  Nodes() : block_(&first_.block), end_(first_.room.data() + first_room) { make(nullptr, Key()); }
  Nodes(const Nodes&) = delete;
  Nodes& operator=(const Nodes&) = delete;
  ~Nodes();

  Node& make(Node* parent, const Key& key) {
    if (room() < sizeof(Node)) add_block(0);
    return *::new (block_->nodes() + block_->used++) Node(*this, parent, key);
  }
  // Room for so many children.
  Node** make_list(std::size_t size) {
    const std::size_t bytes = size * sizeof(void*);
    if (room() < bytes) add_block(bytes);
    end_ -= bytes;
    return reinterpret_cast<Node**>(end_);
  }
  Node& root() { return *first_.block.nodes(); }

 private:
  struct Block {
    Block* older = nullptr;
    std::size_t used = 0;  // nodes

    Node* nodes() noexcept { return std::launder(reinterpret_cast<Node*>(this + 1)); }
  };
  // Most ops are small, and the history keeps many.
  static constexpr std::size_t first_room = 4 * sizeof(Node) + 4 * sizeof(void*);
  static constexpr std::size_t next_room = 1024 - 4 * sizeof(void*);
  struct First {
    Block block;
    alignas(Node) std::array<std::byte, first_room> room;
  };

  std::size_t room() noexcept {
    return static_cast<std::size_t>(end_ -
                                    reinterpret_cast<std::byte*>(block_->nodes() + block_->used));
  }
  void add_block(std::size_t bytes);

  First first_;
  Block* block_;    // the newest
  std::byte* end_;  // of what is free in it
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

inline constinit const Component no_component;
// That of a node that may be null.
inline const Component& component_of(const Node* node) {
  return node != nullptr ? node->component : no_component;
}

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
};

}  // namespace segue::ot::json1
