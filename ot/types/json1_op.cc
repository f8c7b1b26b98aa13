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

void copy_into(Node& copy, const Node& node) {
  copy.component = node.component;
  copy.takes_inside = node.takes_inside;
  copy.changes_inside = node.changes_inside;
  copy.children.reserve(node.children.size());
  for (const auto& child : node.children) copy_into(copy.child(child->key), *child);
}

// Drops the children in which nothing happens, and answers whether anything happens here or below.
bool prune(Node& node) {
  const Component& component = node.component;
  node.takes_inside = component.takes();
  node.changes_inside = component.puts() || component.edit;
  std::erase_if(node.children, [&](Node* child) {
    if (!prune(*child)) return true;
    node.takes_inside |= child->takes_inside;
    node.changes_inside |= child->changes_inside;
    return false;
  });
  return node.takes_inside || node.changes_inside;
}

std::size_t count_components(const Node& node) {
  std::size_t count = node.component.is_empty() ? 0 : 1;
  for (const auto& child : node.children) count += count_components(*child);
  return count;
}

bool is_each_once(const std::vector<const Node*>& places) {
  return std::ranges::find(places, nullptr) == places.end();
}

}  // namespace

std::strong_ordering Key::compare_names(const Key& other) const {
  if (is_index() || other.is_index()) return other.is_index() <=> is_index();
  return compare_utf16(name(), other.name()) <=> 0;
}

bool Edit::is_noop() const {
  const auto* text = std::get_if<TextUnicode::Op>(&change);
  return text != nullptr && text->empty();
}

Node& Node::child(Key at) {
  const auto is_before = [](const Node* node, const Key& place) { return node->key < place; };
  // Most trees are made from left to right.
  const bool goes_last = children.empty() || children.back()->key < at;
  auto found = goes_last ? children.end()
                         : std::lower_bound(children.begin(), children.end(), at, is_before);
  if (found != children.end() && (*found)->key == at) return **found;
  Node& made = nodes_.make(this);
  made.key = std::move(at);
  children.insert(found, &made);
  return made;
}

Node& Nodes::make(Node* parent) {
  constexpr std::size_t block_min = 2;  // Most ops are small, and the history keeps many.
  constexpr std::size_t block_max = 32;
  if (blocks_.empty() || blocks_.back().size() == blocks_.back().capacity()) {
    const std::size_t size =
        blocks_.size() < 2 ? block_min : std::min(2 * blocks_.back().capacity(), block_max);
    blocks_.emplace_back().reserve(size);
  }
  return blocks_.back().emplace_back(*this, parent);
}

Tree Tree::make() {
  Tree tree;
  tree.nodes_ = std::make_unique<Nodes>();
  tree.nodes_->make(nullptr);
  return tree;
}

const Component& component_of(const Node* node) {
  static const Component nothing;
  return node != nullptr ? node->component : nothing;
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
  copy_into(*tree_, *other.tree_);
  components_ = other.components_;
  index(*tree_);
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
  if (!tree || !prune(*tree)) return op;
  op.tree_ = std::move(tree);
  op.components_ = count_components(*op.tree_);
  const bool is_whole = op.index(*op.tree_) && op.picks_.size() == op.drops_.size() &&
                        is_each_once(op.picks_) && is_each_once(op.drops_);
  if (is_whole) return op;
  return fail(Errc::op_badly_formed,
              "each slot from 0 must be picked up once and dropped once, and nothing else there");
}

// Answers whether no component contradicts itself.
bool Op::index(Node& node) {
  const Component& component = node.component;
  if ((component.pick && component.remove) || (component.drop && component.insert)) return false;
  if (component.pick && !note(picks_, *component.pick, node)) return false;
  if (component.drop && !note(drops_, *component.drop, node)) return false;
  return std::ranges::all_of(node.children, [&](const auto& child) { return index(*child); });
}

// Answers whether it is the only one in its slot, and a slot that there can be.
bool Op::note(std::vector<const Node*>& places, Slot slot, const Node& node) const {
  if (slot >= components_) return false;
  if (slot >= places.size()) places.resize(slot + 1);
  return std::exchange(places[slot], &node) == nullptr;
}

}  // namespace segue::ot::json1
