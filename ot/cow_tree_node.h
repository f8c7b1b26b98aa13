// The nodes of a CowTree and what can be done to one node and its children. Private to
// ot/cow_tree.h, which says what the whole is.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "ot/assert.h"
#include "ot/cow.h"

namespace segue::ot::cow_tree {

constexpr std::size_t node_max = 32;
constexpr std::size_t node_min = 8;  // A quarter, so that edits at a border do not split and merge.

// What leaves and inner nodes have in common.
template <class Traits>
struct Node : RefCounted {
  std::uint8_t level = 0;  // 0 for a leaf
  std::uint8_t used = 0;
  std::uint8_t capacity = 0;
  std::size_t count = 0;  // elements below
  typename Traits::Summary sum;
};

// An inner node's item: a node, and what is known about it without a look at it.
template <class Traits>
struct Child {
  Cow<Node<Traits>> node;
  std::size_t count = 0;
  typename Traits::Summary sum;

  explicit Child(Cow<Node<Traits>> of) : node(std::move(of)) { update(); }
  void update() {
    count = node->count;
    sum = node->sum;
  }
};

// Moves n objects from one place to another that may overlap it; the old ones are gone.
template <class Item>
void relocate(Item* from, Item* to, std::size_t n) noexcept {
  static_assert(std::is_nothrow_move_constructible_v<Item>);
  if constexpr (moves_as_bytes<Item>) {
    std::memmove(static_cast<void*>(to), static_cast<const void*>(from), n * sizeof(Item));
    return;
  }
  const auto one = [&](std::size_t i) {
    std::construct_at(to + i, std::move(from[i]));
    std::destroy_at(from + i);
  };
  if (to < from) {
    for (std::size_t i = 0; i < n; ++i) one(i);
  } else {
    for (std::size_t i = n; i-- > 0;) one(i);
  }
}

// A node with its items, which stand behind it in the same allocation.
template <class Traits, class Item>
// NOLINTNEXTLINE(cppcoreguidelines-virtual-class-destructor): it is, by its dependent base.
class Block final : public Node<Traits> {
 public:
  static constexpr bool is_leaf = std::is_same_v<Item, typename Traits::Element>;
  using Ref = Cow<Node<Traits>>;
  using Sum = typename Traits::Summary;

  static Block* make(std::size_t room, std::uint8_t height) {
    return new (Room{room}) Block(room, height);
  }
  Block(const Block&) = delete;
  Block(Block&&) = delete;
  Block& operator=(const Block&) = delete;
  Block& operator=(Block&&) = delete;
  ~Block() override { std::destroy_n(data(), this->used); }

  Item* data() noexcept { return std::launder(reinterpret_cast<Item*>(this + 1)); }
  const Item* data() const noexcept {
    return std::launder(reinterpret_cast<const Item*>(this + 1));
  }
  std::span<Item> items() noexcept { return {data(), this->used}; }
  std::span<const Item> items() const noexcept { return {data(), this->used}; }

  // REQUIRES below: there is room; places exist.
  void insert(std::size_t at, Item&& item) {
    OT_ASSERT(this->used < this->capacity);
    relocate(data() + at, data() + at + 1, this->used - at);
    std::construct_at(data() + at, std::move(item));
    ++this->used;
  }
  Item erase(std::size_t at) {
    Item item = std::move(data()[at]);
    std::destroy_at(data() + at);
    relocate(data() + at + 1, data() + at, this->used - at - 1);
    --this->used;
    return item;
  }
  void append_copies(std::span<const Item> more) {
    std::uninitialized_copy(more.begin(), more.end(), data() + this->used);
    this->used = static_cast<std::uint8_t>(this->used + more.size());
  }
  void append_moved(std::span<Item> more) {
    std::uninitialized_move(more.begin(), more.end(), data() + this->used);
    this->used = static_cast<std::uint8_t>(this->used + more.size());
  }
  void move_head_to(Block& left, std::size_t n) {
    relocate(data(), left.data() + left.used, n);
    relocate(data() + n, data(), this->used - n);
    shift_used(left, n);
  }
  void move_tail_to(Block& right, std::size_t n) {
    relocate(right.data(), right.data() + n, right.used);
    relocate(data() + this->used - n, right.data(), n);
    shift_used(right, n);
  }

  // Counts and sums up again after the items changed.
  void refresh() {
    this->sum = {};
    if constexpr (is_leaf) {
      this->count = this->used;
      for (const Item& item : items()) this->sum.add(Traits::summary(item));
    } else {
      this->count = 0;
      for (const Item& item : items()) {
        this->count += item.count;
        this->sum.add(item.sum);
      }
    }
  }

  // The same where one item's sum and count changed, or it came (from nothing) or went (to it).
  void refresh(const Sum& before, const Sum& after, std::size_t more, std::size_t less) {
    if (this->used == 0 || !this->sum.replace(before, after)) return refresh();
    this->count += more;
    this->count -= less;
    if constexpr (requires { this->sum.end_with(data()[0]); }) {
      this->sum.end_with(data()[this->used - 1]);
    } else if constexpr (requires { this->sum.end_with(data()[0].sum); }) {
      this->sum.end_with(data()[this->used - 1].sum);
    }
  }

  static void operator delete(void* memory) { ::operator delete(memory); }

 private:
  struct Room {
    std::size_t items;
  };
  static void* operator new(std::size_t size, Room room) {
    return ::operator new(size + room.items * sizeof(Item));
  }
  static void operator delete(void* memory, Room) { ::operator delete(memory); }

  Block(std::size_t room, std::uint8_t height) noexcept {
    static_assert(alignof(Item) <= alignof(Node<Traits>));
    this->level = height;
    this->capacity = static_cast<std::uint8_t>(room);
  }
  void shift_used(Block& other, std::size_t n) {
    other.used = static_cast<std::uint8_t>(other.used + n);
    this->used = static_cast<std::uint8_t>(this->used - n);
  }
};

// Static functions over the nodes of one kind of tree.
template <class Traits>
struct Nodes {
  using Element = typename Traits::Element;
  using Sum = typename Traits::Summary;
  using Ref = Cow<Node<Traits>>;
  using Link = Child<Traits>;
  using Leaf = Block<Traits, Element>;
  using Inner = Block<Traits, Link>;

  static const Leaf& leaf(const Node<Traits>& node) { return static_cast<const Leaf&>(node); }
  static const Inner& inner(const Node<Traits>& node) { return static_cast<const Inner&>(node); }

  // The node's block, held by `node` alone and with the capacity wanted.
  template <class Item>
  static Block<Traits, Item>& own(Ref& node, std::size_t capacity) {
    const bool is_own = node.is_sole() && node->capacity >= capacity;
    if (!is_own) [[unlikely]]
      node = copy<Item>(node, capacity);
    return static_cast<Block<Traits, Item>&>(node.sole());
  }
  template <class Item>
  static Block<Traits, Item>& own(Ref& node) {
    return own<Item>(node, node->used);
  }
  // Moves the items if nobody else holds them. Out of line, since mostly a node is one's own.
  template <class Item>
  [[gnu::noinline]] static Ref copy(Ref& node, std::size_t capacity) {
    using B = Block<Traits, Item>;
    const std::size_t grown = std::min(node_max, 2 * std::size_t{node->capacity});
    B* fresh =
        B::make(capacity > node->capacity ? std::max(capacity, grown) : capacity, node->level);
    Ref copy = Ref::adopt(fresh);
    if (node.is_sole()) {
      fresh->append_moved(static_cast<B&>(node.sole()).items());
    } else {
      fresh->append_copies(static_cast<const B&>(*node).items());
    }
    fresh->count = node->count;
    fresh->sum = node->sum;
    return copy;
  }

  // The child in which the element `index` stands, and makes `index` relative to it. An index at
  // the very end is the last child's.
  static std::size_t child_at(const Inner& node, std::size_t& index) {
    std::size_t at = 0;
    while (at + 1 < node.used && index >= node.data()[at].count) index -= node.data()[at++].count;
    return at;
  }

  // The way from the root to an element, through nodes that are held here alone.
  class Way {
   public:
    Way(Ref& root, std::size_t index) : leaf_(&root), index_(index) {
      while ((*leaf_)->level > 0) {
        OT_ASSERT(depth_ < steps_.size());
        Inner& node = own<Link>(*leaf_);
        const std::size_t at = child_at(node, index_);
        steps_[depth_++] = {leaf_, at};
        leaf_ = &node.data()[at].node;
      }
    }

    Ref& leaf() { return *leaf_; }
    std::size_t index() const { return index_; }  // in the leaf
    // Calls visit(node, at) for each inner node, from below; `at` is the child that was gone into.
    template <class Visit>
    void go_up(const Visit& visit) {
      while (depth_ > 0) {
        const Step& step = steps_[--depth_];
        visit(*step.node, step.at);
      }
    }

   private:
    struct Step {
      Ref* node;
      std::size_t at;
    };
    static constexpr std::size_t depth_max = 22;  // 8^22 > 2^64
    static_assert(node_min >= 8);

    Ref* leaf_;
    std::size_t index_;
    std::size_t depth_ = 0;
    std::array<Step, depth_max> steps_;  // of which depth_ are there
  };

  // Inserts below `root` an element that sums up to `sum`. Where that splits it, the upper part is
  // returned.
  static Ref insert(Ref& root, std::size_t index, Element&& element, const Sum& sum) {
    Way way(root, index);
    Ref upper = insert_item<Element>(way.leaf(), way.index(), std::move(element), sum, 1);
    way.go_up([&](Ref& node, std::size_t at) {
      Inner& parent = static_cast<Inner&>(node.sole());
      parent.data()[at].update();
      if (!upper) return parent.refresh({}, sum, 1, 0);
      parent.refresh();
      Link link(std::move(upper));
      const Sum link_sum = link.sum;
      const std::size_t count = link.count;
      upper = insert_item<Link>(node, at + 1, std::move(link), link_sum, count);
    });
    return upper;
  }

  // Removes the element; children stay at least node_min large, the root itself perhaps not.
  static Element erase(Ref& root, std::size_t index) {
    Way way(root, index);
    Leaf& home = own<Element>(way.leaf());
    Element element = home.erase(way.index());
    const Sum sum = Traits::summary(element);
    home.refresh(sum, {}, 0, 1);
    way.go_up([&](Ref& node, std::size_t at) {
      Inner& parent = static_cast<Inner&>(node.sole());
      Link& child = parent.data()[at];
      child.update();
      if (child.node->used >= node_min) return parent.refresh(sum, {}, 0, 1);
      refill(parent, at);
      parent.refresh();
    });
    return element;
  }

  // The element, in nodes that are held here alone.
  static Element& open(Ref& root, std::size_t index) {
    Ref* node = &root;
    while ((*node)->level > 0) {
      Inner& parent = own<Link>(*node);
      node = &parent.data()[child_at(parent, index)].node;
    }
    return own<Element>(*node).data()[index];
  }
  // REQUIRES: the element was opened.
  static void close(Ref& root, std::size_t index, const Sum& before, const Sum& after) {
    Way way(root, index);
    Leaf& home = static_cast<Leaf&>(way.leaf().sole());
    if (!home.sum.replace(before, after)) home.refresh();
    way.go_up([&](Ref& node, std::size_t at) {
      Inner& parent = static_cast<Inner&>(node.sole());
      parent.data()[at].update();
      if (!parent.sum.replace(before, after)) parent.refresh();
    });
  }
  // For a change that every sum above the element takes part in alike. REQUIRES: as for close().
  template <class Change>
  static void change_sums(Ref& root, std::size_t index, const Change& change) {
    Node<Traits>* node = &root.sole();
    while (node->level > 0) {
      change(node->sum);
      auto& parent = static_cast<Inner&>(*node);
      Link& child = parent.data()[child_at(parent, index)];
      change(child.sum);
      node = &child.node.sole();
    }
    change(node->sum);
  }

  // One node that holds all items, moved from where they stand. REQUIRES: no more than node_max.
  template <class Item>
  static Ref gather(std::span<Item> items, std::uint8_t level) {
    auto* block = Block<Traits, Item>::make(items.size(), level);
    Ref node = Ref::adopt(block);
    block->append_moved(items);
    block->refresh();
    return node;
  }

  // A leaf of what next() answers, `count` times. REQUIRES: no more than node_max.
  template <class Next>
  static Ref generate(std::size_t count, Next& next) {
    auto* leaf = Leaf::make(count, 0);
    Ref node = Ref::adopt(leaf);
    for (; leaf->used < count; ++leaf->used) ::new (leaf->data() + leaf->used) Element(next());
    leaf->refresh();
    return node;
  }

  // As few nodes as hold all items, evenly filled.
  template <class Item>
  static std::vector<Link> pack(std::span<Item> items, std::uint8_t level) {
    const std::size_t nodes = (items.size() + node_max - 1) / node_max;
    std::vector<Link> packed;
    packed.reserve(nodes);
    for (std::size_t i = 0; i < nodes; ++i) {
      const std::size_t begin = items.size() * i / nodes;
      const std::size_t end = items.size() * (i + 1) / nodes;
      packed.emplace_back(gather(items.subspan(begin, end - begin), level));
    }
    return packed;
  }

  static bool is_sound(const Node<Traits>& node, bool is_root) {
    if (node.used > node.capacity || node.used > node_max) return false;
    if (node.used < (is_root ? 1 : node_min)) return false;
    if (node.level == 0) return node.count == node.used;
    std::size_t count = 0;
    for (const Link& child : inner(node).items()) {
      if (child.node->level + 1 != node.level || child.count != child.node->count) return false;
      if (!is_sound(*child.node, false)) return false;
      count += child.count;
    }
    return node.count == count && node.used > 1;
  }

 private:
  // The upper part, where there was no room. `sum` and `count` are the item's.
  template <class Item>
  static Ref insert_item(Ref& node, std::size_t at, std::type_identity_t<Item>&& item,
                         const Sum& sum, std::size_t count) {
    const std::size_t used = node->used;
    if (used < node_max) {
      auto& block = own<Item>(node, used + 1);
      block.insert(at, std::move(item));
      block.refresh({}, sum, count, 0);
      return {};
    }
    auto& lower = own<Item>(node);
    auto* upper = Block<Traits, Item>::make(node_max, node->level);
    Ref upper_ref = Ref::adopt(upper);
    // Who appends at the end will go on appending there: leave full nodes behind.
    const std::size_t moved = at == used ? node_min : node_max / 2;
    lower.move_tail_to(*upper, moved);
    if (at <= used - moved) {
      lower.insert(at, std::move(item));
    } else {
      upper->insert(at - (used - moved), std::move(item));
    }
    lower.refresh();
    upper->refresh();
    return upper_ref;
  }

  // Brings a child that became too small up to node_min, or merges it with its neighbour.
  static void refill(Inner& parent, std::size_t at) {
    const std::size_t left = at == 0 ? 0 : at - 1;
    Link* pair = parent.data() + left;
    const bool merged = pair->node->level == 0 ? even_out<Element>(pair[0].node, pair[1].node)
                                               : even_out<Link>(pair[0].node, pair[1].node);
    pair[0].update();
    pair[1].update();
    if (merged) parent.erase(left + 1);
  }

  // True if all items are in `left` now.
  template <class Item>
  static bool even_out(Ref& left, Ref& right) {
    auto& a = own<Item>(left, node_max);
    auto& b = own<Item>(right, node_max);
    const std::size_t total = std::size_t{a.used} + b.used;
    if (total <= node_max) {
      b.move_head_to(a, b.used);
    } else if (a.used < total / 2) {
      b.move_head_to(a, total / 2 - a.used);
    } else {
      a.move_tail_to(b, a.used - total / 2);
    }
    a.refresh();
    b.refresh();
    return b.used == 0;
  }
};

}  // namespace segue::ot::cow_tree
