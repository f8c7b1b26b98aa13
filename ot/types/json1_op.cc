#include "ot/types/json1_op.h"

#include <algorithm>
#include <utility>

#include "ot/utf8.h"

namespace segue::ot::json1 {
namespace {

bool equal(const Node& a, const Node& b) {
  const auto same_child = [](const auto& child, const auto& other) {
    return child->key == other->key && equal(*child, *other);
  };
  return a.component == b.component && std::ranges::equal(a.children, b.children, same_child);
}

using BySlot = std::vector<const Node*>;

void copy_into(Node& copy, const Node& node, BySlot& picks, BySlot& drops) {
  copy.component = node.component;
  copy.takes_inside = node.takes_inside;
  copy.changes_inside = node.changes_inside;
  if (node.component.pick) picks[*node.component.pick] = &copy;
  if (node.component.drop) drops[*node.component.drop] = &copy;
  copy.reserve(node.children.size());
  for (const Node* child : node.children) {
    copy_into(copy.child(child->key), *child, picks, drops);
  }
}

// What there is in a tree.
struct Census {
  std::size_t components = 0;
  bool contradicts_itself = false;
  BySlot picks;
  BySlot drops;
};

// Drops the children in which nothing happens. Answers whether anything happens here or below.
bool prune(Node& node, Census& census) {
  const Component& component = node.component;
  node.takes_inside = component.takes();
  node.changes_inside = component.puts() || component.edit;
  if (node.takes_inside || node.changes_inside) ++census.components;
  census.contradicts_itself |= component.pick && component.remove;
  census.contradicts_itself |= component.drop && component.insert;
  if (component.pick) census.picks.push_back(&node);
  if (component.drop) census.drops.push_back(&node);
  node.children.filter([&](Node& child) {
    if (!prune(child, census)) return false;
    node.takes_inside |= child.takes_inside;
    node.changes_inside |= child.changes_inside;
    return true;
  });
  return node.takes_inside || node.changes_inside;
}

// Puts each node into the place of its slot. False if the slots are not 0, 1, 2, ..., each once.
bool sort_by_slot(BySlot& nodes, MaybeSlot Component::*slot) {
  BySlot sorted(nodes.size());
  for (const Node* node : nodes) {
    const Slot place = *(node->component.*slot);
    if (place >= sorted.size() || sorted[place] != nullptr) return false;
    sorted[place] = node;
  }
  nodes = std::move(sorted);
  return true;
}

}  // namespace

std::strong_ordering Key::compare_names(const Key& other) const {
  if (is_index() || other.is_index()) return other.is_index() <=> is_index();
  const std::string_view a = name();
  const std::string_view b = other.name();
  const auto is_ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
  const bool differ_at_once = !a.empty() && !b.empty() && a[0] != b[0];
  if (differ_at_once && is_ascii(a[0]) && is_ascii(b[0])) return a[0] <=> b[0];
  return compare_utf16(a, b) <=> 0;
}

bool Edit::is_noop() const {
  const auto* text = std::get_if<TextUnicode::Op>(&change);
  return text != nullptr && text->empty();
}

void Children::reserve(std::size_t size, Nodes& of_tree) {
  if (size <= std::max<std::size_t>(room_, 1)) return;
  Node** list = of_tree.make_list(size);
  std::copy(begin(), end(), list);
  many_ = list;
  room_ = static_cast<std::uint32_t>(size);
}

void Children::insert(std::size_t at, Node* child, Nodes& of_tree) {
  constexpr std::size_t room_min = 4;
  if (size_ > 0 && size_ >= room_) {
    reserve(std::max<std::size_t>(room_min, 2 * std::size_t{size_}), of_tree);
  }
  Node** place = (room_ == 0 ? &only_ : many_) + at;
  std::move_backward(place, place + (size_ - at), place + (size_ - at) + 1);
  *place = child;
  ++size_;
}

Node& Node::child(const Key& at) {
  const auto is_before = [](const Node* node, const Key& place) { return node->key < place; };
  std::size_t place = children.size();
  // Most trees are made from left to right.
  if (place > 0) {
    const auto order = children.back()->key <=> at;
    if (std::is_eq(order)) return *children.back();
    if (std::is_gt(order)) {
      const auto* found = std::lower_bound(children.begin(), children.end(), at, is_before);
      if ((*found)->key == at) return **found;
      place = static_cast<std::size_t>(found - children.begin());
    }
  }
  Node& made = nodes_.make(this, at);
  children.insert(place, &made, nodes_);
  return made;
}

Nodes::~Nodes() {
  while (block_ != nullptr) {
    Block* const block = block_;
    block_ = block->older;
    std::destroy_n(block->nodes(), block->used);
    if (block != &first_.block) ::operator delete(block);
  }
}

void Nodes::add_block(std::size_t bytes) {
  const std::size_t size = sizeof(Block) + std::max(bytes, next_room);
  auto* memory = static_cast<std::byte*>(::operator new(size));
  block_ = ::new (memory) Block{block_};
  end_ = memory + size / alignof(Node) * alignof(Node);
}

Tree Tree::make() {
  Tree tree;
  tree.nodes_ = std::make_unique<Nodes>();
  return tree;
}

Path path_of(const Node& node) {
  Path path;
  for (const Node* at = &node; at->parent != nullptr; at = at->parent) path.push_back(at->key);
  std::ranges::reverse(path);
  return path;
}

Op::Op(const Op& other) {
  if (other.is_noop()) return;
  tree_ = Tree::make();
  picks_.resize(other.slots());
  drops_.resize(other.slots());
  copy_into(*tree_, *other.tree_, picks_, drops_);
  components_ = other.components_;
}

Op& Op::operator=(const Op& other) {
  if (this != &other) *this = Op(other);
  return *this;
}

bool Op::operator==(const Op& other) const {
  if (is_noop() || other.is_noop()) return is_noop() == other.is_noop();
  return equal(*tree_, *other.tree_);
}

Result<Op> Op::seal(Tree tree) {
  Op op;
  Census census;
  if (!tree || !prune(*tree, census)) return op;
  const bool is_whole = !census.contradicts_itself && census.picks.size() == census.drops.size() &&
                        sort_by_slot(census.picks, &Component::pick) &&
                        sort_by_slot(census.drops, &Component::drop);
  if (!is_whole) {
    return fail(Errc::op_badly_formed,
                "each slot from 0 must be picked up once and dropped once, and nothing else there");
  }
  op.tree_ = std::move(tree);
  op.picks_ = std::move(census.picks);
  op.drops_ = std::move(census.drops);
  op.components_ = census.components;
  return op;
}

}  // namespace segue::ot::json1
