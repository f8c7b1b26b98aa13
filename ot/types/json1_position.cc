// Where a place is after a json1 op, and the order of slots.
#include <utility>
#include <vector>

#include "ot/assert.h"
#include "ot/types/json1.h"
#include "ot/types/json1_parts.h"

namespace segue::ot {
namespace {

using json1::Component;
using json1::component_of;
using json1::Edit;
using json1::Finger;
using json1::Key;
using json1::MaybeSlot;
using json1::Node;
using json1::Op;
using json1::Path;
using json1::Slot;
using json1::Tree;

// What the takes of an op do to a place.
struct Taken {
  Path path;
  bool is_removed = false;
  MaybeSlot slot;              // of the innermost thing around it that is picked
  std::size_t slot_depth = 0;  // how much of the path leads there
};

Taken after_takes(Path path, const Node* node) {
  Taken taken;
  taken.path = std::move(path);
  for (std::size_t depth = 0; node != nullptr; ++depth) {
    if (node->component.remove) taken.is_removed = true;
    if (node->component.pick) {
      taken.is_removed = false;
      taken.slot = node->component.pick;
      taken.slot_depth = depth;
    }
    if (depth == taken.path.size()) break;
    Key& key = taken.path[depth];
    Finger finger(node, Finger::Counted::taken);
    node = finger.find(key);
    if (key.is_index()) key = Key(key.index() - finger.count());
  }
  return taken;
}

// Moves a position in the text that `edit` edits.
Result<void> move_in_text(Key& key, const Edit& edit) {
  const auto* text = std::get_if<TextUnicode::Op>(&edit.change);
  if (text == nullptr) return {};
  if (!key.is_index()) return fail(Errc::op_not_applied, "a place in a text is a number");
  const auto position = static_cast<std::size_t>(key.index());
  key = Key(static_cast<std::int64_t>(TextUnicode::transform_position(position, *text)));
  return {};
}

// `node` is where the first `depth` elements of the path lead to.
Result<std::optional<Path>> after_puts(Path path, const Node* node, std::size_t depth) {
  for (; node != nullptr && depth < path.size(); ++depth) {
    Key& key = path[depth];
    if (node->component.edit) {
      const auto moved = move_in_text(key, *node->component.edit);
      if (!moved) return fail(moved.error());
      break;
    }
    Finger finger(node, Finger::Counted::put);
    node = finger.find_between(key);
    if (key.is_index()) key = Key(key.index() + finger.count());
  }
  return path;
}

class Normalization {
 public:
  explicit Normalization(std::size_t slots) : slots_(slots) {}

  void copy(const Node& node, Node& out) {
    const Component& component = node.component;
    out.component.remove = component.remove;
    out.component.insert = component.insert;
    if (component.pick) out.component.pick = renumbered(*component.pick);
    if (component.drop) out.component.drop = renumbered(*component.drop);
    if (component.edit) copy_edit(*component.edit, out);
    for (const auto& child : node.children) copy(*child, out.child(child->key));
  }

 private:
  Slot renumbered(Slot slot) {
    if (!slots_[slot]) slots_[slot] = next_++;
    return *slots_[slot];
  }

  static void copy_edit(const Edit& edit, Node& out) {
    const auto* text = std::get_if<TextUnicode::Op>(&edit.change);
    Edit normal{edit.change, Edit::Spelling::brief};
    if (text != nullptr) normal.change = TextUnicode::normalize(*text);
    if (!normal.is_noop()) out.component.edit = std::move(normal);
  }

  std::vector<std::optional<Slot>> slots_;  // new ones, by the old ones
  Slot next_ = 0;
};

}  // namespace

Result<std::optional<Path>> Json1::transform_position(Path path, const Op& op) {
  if (op.is_noop()) return path;
  Taken taken = after_takes(std::move(path), op.root());
  if (taken.is_removed) return std::nullopt;
  if (!taken.slot) return after_puts(std::move(taken.path), op.root(), 0);
  const Node& drop = op.drop(*taken.slot);
  Path moved = path_of(drop);
  const std::size_t depth = moved.size();
  moved.insert(moved.end(), taken.path.begin() + static_cast<std::ptrdiff_t>(taken.slot_depth),
               taken.path.end());
  return after_puts(std::move(moved), &drop, depth);
}

Op Json1::normalize(const Op& op) {
  if (op.is_noop()) return op;
  auto out = Tree::make();
  Normalization(op.slots()).copy(*op.root(), *out);
  auto normal = Op::seal(std::move(out));
  OT_ASSERT(normal.has_value());
  return std::move(*normal);
}

}  // namespace segue::ot
