// CowTree: a sequence that copies in O(1), edits anywhere in O(log n) and knows a sum over itself.
//
// A B+tree: elements in the leaves, in inner nodes a count and a Summary for each child. Nodes are
// shared between copies (ot/cow.h); an edit copies the path it changes, unless nobody else holds
// it. What the sum is, and so what the tree can be searched by, its Traits say:
//
//   struct Traits {
//     using Element = ...;                        // moves without exceptions
//     struct Summary {                             // starts from Summary{}
//       void add(const Summary& next);             // what follows *this
//       // One part of this sum changed; it came if `before` is Summary{}, and went if `after` is.
//       // False, with nothing done, where only adding all up again can tell.
//       bool replace(const Summary& before, const Summary& after);
//       // Optional, for what depends on the last part alone: called after replace() where parts
//       // came or went, with the last element, or the Summary of the last stretch.
//       void end_with(const Element& or const Summary&);
//     };
//     static Summary summary(const Element&);      // cheap: asked for at every edit
//   };
//
// Traits may be incomplete where a CowTree is a member. Nodes are no larger than they need be, so
// a small sequence is one small allocation.
// Invariants: nodes but the root hold node_min to node_max items; all leaves are equally deep; an
// empty tree has no root.
#pragma once

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include "ot/assert.h"
#include "ot/cow.h"
#include "ot/cow_tree_node.h"

namespace segue::ot {

template <class Traits>
class CowTree {
 public:
  // Moves the elements into a new tree, in O(n).
  template <class Element>
  static CowTree build(std::span<Element> elements) {
    using Nodes = cow_tree::Nodes<Traits>;
    CowTree tree;
    if (elements.empty()) return tree;
    if (elements.size() <= cow_tree::node_max) {
      tree.root_ = Nodes::gather(elements, 0);
      return tree;
    }
    auto level = Nodes::pack(elements, 0);
    for (std::uint8_t height = 1; level.size() > 1; ++height) {
      level = Nodes::pack(std::span(level), height);
    }
    tree.root_ = std::move(level.front().node);
    return tree;
  }

  // A tree of what next() answers, `count` times. Where these fit into one node, they are made in
  // it.
  template <class Next>
  static CowTree generate(std::size_t count, Next&& next) {
    using Nodes = cow_tree::Nodes<Traits>;
    CowTree tree;
    if (count == 0) return tree;
    if (count <= cow_tree::node_max) {
      tree.root_ = Nodes::generate(count, next);
      return tree;
    }
    std::vector<typename Traits::Element> elements;
    elements.reserve(count);
    while (elements.size() < count) elements.push_back(next());
    return build(std::span(elements));
  }

  std::size_t size() const { return root_ ? root_->count : 0; }
  bool empty() const { return !root_; }
  auto summary() const {
    using Summary = typename Traits::Summary;
    return root_ ? root_->sum : Summary{};
  }

  // REQUIRES: index < size().
  const auto& at(std::size_t index) const { return run(index).front(); }
  // The elements from `index` to the end of its leaf: what loops over a tree are made of.
  auto run(std::size_t index) const {
    using Nodes = cow_tree::Nodes<Traits>;
    OT_ASSERT(index < size());
    auto* node = root_.get();
    while (node->level > 0) {
      const auto& inner = Nodes::inner(*node);
      node = inner.data()[Nodes::child_at(inner, index)].node.get();
    }
    return Nodes::leaf(*node).items().subspan(index);
  }
  // Calls visit(element) for each, in order.
  template <class Visit>
  void for_each(Visit&& visit) const {
    for (std::size_t i = 0; i < size();) {
      const auto elements = run(i);
      for (const auto& element : elements) visit(element);
      i += elements.size();
    }
  }

  // Looks from the left. enter(x) is asked about Summaries of stretches and about elements, and
  // answers whether the element looked for is in x; if it is not, x is passed over, and enter may
  // add it up. Returns the element's index, or size() if everything was passed over.
  template <class Enter>
  std::size_t seek(Enter&& enter) const {
    using Nodes = cow_tree::Nodes<Traits>;
    std::size_t index = 0;
    auto* node = root_.get();
    while (node != nullptr && node->level > 0) {
      const cow_tree::Node<Traits>* next = nullptr;
      for (const auto& child : Nodes::inner(*node).items()) {
        if (enter(child.sum)) {
          next = child.node.get();
          break;
        }
        index += child.count;
      }
      node = next;
    }
    if (node == nullptr) return index;
    for (const auto& element : Nodes::leaf(*node).items()) {
      if (enter(element)) return index;
      ++index;
    }
    return index;
  }

  // REQUIRES: index <= size().
  template <class Element>
  void insert(std::size_t index, Element&& element) {
    using Nodes = cow_tree::Nodes<Traits>;
    OT_ASSERT(index <= size());
    if (!root_) root_ = Nodes::Ref::adopt(Nodes::Leaf::make(1, 0));
    const auto sum = Traits::summary(element);
    auto upper = Nodes::insert(root_, index, std::forward<Element>(element), sum);
    if (!upper) return;
    using Link = typename Nodes::Link;
    Link halves[] = {Link(std::move(root_)), Link(std::move(upper))};
    const auto level = static_cast<std::uint8_t>(halves[0].node->level + 1);
    root_ = Nodes::gather(std::span<Link>(halves), level);
  }
  // Returns what stood there. REQUIRES: index < size().
  auto erase(std::size_t index) {
    using Nodes = cow_tree::Nodes<Traits>;
    OT_ASSERT(index < size());
    auto element = Nodes::erase(root_, index);
    if (root_->count == 0) {
      root_ = {};
    } else if (root_->level > 0 && root_->used == 1) {
      root_ = typename Nodes::Ref(Nodes::inner(*root_).data()[0].node);
    }
    return element;
  }
  // Runs edit(Element&) in place; sums are right again afterwards. REQUIRES: index < size().
  template <class Edit>
  void edit(std::size_t index, Edit&& edit) {
    auto& element = open(index);
    const auto before = Traits::summary(element);
    edit(element);
    close(index, before, Traits::summary(element));
  }
  // The same in two steps: who changes the element then says what it summed up to before and sums
  // up to now. In between the tree is neither copied nor edited. REQUIRES: index < size().
  auto& open(std::size_t index) {
    OT_ASSERT(index < size());
    return cow_tree::Nodes<Traits>::open(root_, index);
  }
  template <class Summary>
  void close(std::size_t index, const Summary& before, const Summary& after) {
    cow_tree::Nodes<Traits>::close(root_, index, before, after);
  }
  // Instead of close(), where the same change(Summary&) is right for each sum that the element is
  // part of.
  template <class Change>
  void close(std::size_t index, const Change& change) {
    cow_tree::Nodes<Traits>::change_sums(root_, index, change);
  }

  // The same nodes, not equal ones.
  bool is_same(const CowTree& other) const { return root_ == other.root_; }
  // Checks every invariant, in O(n); for tests.
  bool is_sound() const { return !root_ || cow_tree::Nodes<Traits>::is_sound(*root_, true); }

 private:
  Cow<cow_tree::Node<Traits>> root_;
};

}  // namespace segue::ot
