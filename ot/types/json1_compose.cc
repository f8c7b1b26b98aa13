// How two json1 ops in a row become one.
//
// Between the two lies a boundary: what the first op put, the second may take. The boundary is
// walked once. What the first put is written where it is after the second, what the second takes
// is written where it was before the first. What is moved by either is written into a buffer of
// its slot. Then the first op's takes and the second's puts follow, each with its buffers.
#include <algorithm>
#include <utility>
#include <vector>

#include "ot/types/json1.h"
#include "ot/types/json1_parts.h"

namespace segue::ot {
namespace {

using json1::child_of;
using json1::Component;
using json1::component_of;
using json1::Edit;
using json1::Finger;
using json1::Key;
using json1::Node;
using json1::Op;
using json1::Scribe;
using json1::Slot;
using json1::Tree;

using Literal = std::optional<Json>;

// A place in a tree in the making, whose node is made once something is written there: at most
// places of the boundary nothing is. What it is made of stays where it is for as long as it is
// used.
class Spot {
 public:
  Spot() = default;  // to be assigned
  explicit Spot(Node& node) : node_(&node) {}
  // The root of a tree that is made as well.
  explicit Spot(Tree& tree) : tree_(&tree) {}
  Spot(Spot& parent, const Key& name) : parent_(&parent), name_(&name) {}
  Spot(Spot& parent, std::int64_t index) : parent_(&parent), index_(index) {}

  Node& operator*() {
    if (node_ == nullptr) node_ = &make();
    return *node_;
  }

 private:
  Node& make() {
    if (tree_ == nullptr) return (**parent_).child(name_ != nullptr ? *name_ : Key(index_));
    *tree_ = Tree::make();
    return **tree_;
  }

  Node* node_ = nullptr;
  Tree* tree_ = nullptr;
  Spot* parent_ = nullptr;
  const Key* name_ = nullptr;
  std::int64_t index_ = 0;
};

// Whether the first op changes something there that the second may meet, or the second takes
// something. Elsewhere nothing crosses the boundary.
bool crosses(const Node* put1, const Node* take2) {
  return (put1 != nullptr && put1->changes_inside) || (take2 != nullptr && take2->takes_inside);
}

class Composition {
 public:
  Composition(const Op& first, const Op& second)
      : first_(first),
        second_(second),
        buffers1_(first.slots()),
        buffers2_(second.slots()),
        slots1_(first.slots()),
        slots2_(second.slots()) {}

  Result<Op> run() {
    auto out = Tree::make();
    const Node* first = first_.root();
    const Node* second = second_.root();
    Place root{first, first, second, second, {}, false, Spot(*out), Spot(*out)};
    cross(root);
    if (failure_) return fail(std::move(*failure_));
    std::ranges::sort(edits_done_);
    write_takes(*first, *out);
    write_puts(*second, *out);
    return scribe_.finish(std::move(out));
  }

 private:
  // A place at the boundary, as each of the two ops sees it from either side.
  struct Place {
    const Node* take1 = nullptr;  // before the first op
    const Node* put1 = nullptr;
    const Node* take2 = nullptr;
    const Node* put2 = nullptr;  // after the second op
    Literal literal = {};        // the part that is here of a value that the first op inserted
    bool is_removed = false;     // by the second op, with what is around it
    Spot after = {};             // where this place is after both
    Spot before = {};            // and where it was before
  };

  // Writes what happens here and below. Answers what is left here of place.literal.
  Literal cross(Place& place) {
    const Component& put = component_of(place.put1);
    const Component& take = component_of(place.take2);
    const bool was_removed = place.is_removed;
    const bool is_literal = place.literal || put.insert;
    const bool stays = !was_removed && !take.takes();
    place.is_removed = (was_removed || take.remove) && !take.pick;
    follow_take(place, take);
    follow_put(place, put);
    if (put.drop && was_removed && !take.takes()) scribe_.remove(*place.before, Json(true));
    if (take.pick && !is_literal) join(place, put, *take.pick);
    if (take.remove && !is_literal) scribe_.remove(*place.before, *take.remove);
    write_edit(place, put);
    if (put.insert) place.literal = put.insert;
    cross_children(place);
    const bool inserts = take.pick ? is_literal : stays && put.insert;
    if (inserts) scribe_.insert(*place.after, *place.literal);
    return stays && !inserts ? std::move(place.literal) : std::nullopt;
  }

  // To where the second op takes what is here.
  void follow_take(Place& place, const Component& take) {
    if (take.pick) {
      place.put2 = &second_.drop(*take.pick);
      place.after = Spot(buffers2_[*take.pick]);
    } else if (take.remove || component_of(place.put2).drop) {
      place.put2 = nullptr;
    }
  }

  // To where the first op has what is here from.
  void follow_put(Place& place, const Component& put) {
    if (put.drop) {
      place.take1 = &first_.pick(*put.drop);
      place.before = Spot(buffers1_[*put.drop]);
      if (place.is_removed) return;
      slots1_[*put.drop] = slots_;
      scribe_.drop(*place.after, slots_++);
    } else if (put.insert || component_of(place.take1).pick) {
      place.take1 = nullptr;
    }
  }

  // What is picked here, and was not inserted, is picked where it comes from.
  void join(Place& place, const Component& put, Slot picked) {
    const Slot slot = put.drop ? *slots1_[*put.drop] : slots_++;
    slots2_[picked] = slot;
    scribe_.pick(*place.before, slot);
  }

  void write_edit(Place& place, const Component& put) {
    const auto& edit1 = put.edit;
    const auto& edit2 = component_of(place.put2).edit;
    const bool has_first = edit1 && !place.is_removed;
    if (edit2) edits_done_.push_back(place.put2);
    if (has_first && edit2) {
      auto both = compose_edits(*edit1, *edit2);
      if (both) {
        scribe_.edit(*place.after, std::move(*both));
      } else if (!failure_) {
        failure_ = std::move(both.error());
      }
    } else if (has_first) {
      scribe_.edit(*place.after, edit1);
    } else if (edit2) {
      scribe_.edit(*place.after, edit2);
    }
  }

  void cross_children(Place& place) {
    Finger take1(place.take1, Finger::Counted::taken);
    Finger put2(place.put2, Finger::Counted::put);
    std::int64_t put1_before = 0;
    std::int64_t take2_before = 0;
    std::int64_t literal_gone = 0;  // items that are no longer, or were never, in the literal
    const auto visit = [&](const Key& key, const Node* put1, const Node* take2) {
      if (!crosses(put1, take2)) return;
      Place below{.put1 = put1, .take2 = take2, .is_removed = place.is_removed};
      std::int64_t in_literal = 0;
      if (key.is_index()) {
        const std::int64_t between1 = key.index() - put1_before;
        const std::int64_t between2 = key.index() - take2_before;
        below.put2 = put2.find_between(between2);
        below.take1 = take1.find_between(between1);
        below.after = Spot(place.after, scribe_.index(between2 + put2.count()));
        below.before = Spot(place.before, scribe_.index(between1 + take1.count()));
        in_literal = key.index() - literal_gone;
        const bool puts = component_of(put1).puts();
        const bool takes = component_of(take2).takes();
        put1_before += puts ? 1 : 0;
        take2_before += takes ? 1 : 0;
        literal_gone += puts || (takes && !place.is_removed) ? 1 : 0;
      } else {
        below.put2 = put2.find_between(key);
        below.take1 = take1.find_between(key);
        below.after = Spot(place.after, key);
        below.before = Spot(place.before, key);
      }
      cross_child(place, below, key.is_index() ? Key(in_literal) : key);
    };
    for_each_child_of(place.put1, place.take2, visit);
  }

  // Goes on below, with what is at `key` of the literal.
  void cross_child(Place& place, Place& below, const Key& key) {
    if (place.literal && !component_of(below.put1).puts()) {
      const Json* part = child_of(*place.literal, key);
      if (part != nullptr) below.literal = *part;
      if (part == nullptr && below.take2 != nullptr && below.take2->takes_inside) {
        scribe_.fail_later();
      }
    }
    const bool was_part = below.literal.has_value();
    Literal left = cross(below);
    if (!was_part || place.is_removed) return;
    if (left && key.is_index()) {
      place.literal->replace(static_cast<std::size_t>(key.index()), std::move(*left));
    } else if (left) {
      place.literal->set(key.name(), std::move(*left));
    } else if (key.is_index()) {
      place.literal->erase(static_cast<std::size_t>(key.index()));
    } else {
      place.literal->remove(key.name());
    }
  }

  // What the first op takes, wherever the boundary did not cancel it.
  void write_takes(const Node& node, Node& out) {
    const Component& component = node.component;
    if (component.pick) {
      const auto& slot = slots1_[*component.pick];
      if (slot) scribe_.pick(out, *slot);
      if (const auto& moved = buffers1_[*component.pick]) scribe_.merge(out, *moved);
    } else if (component.remove) {
      scribe_.remove(out, *component.remove);
    }
    for (const auto& child : node.children) {
      if (child->takes_inside) write_takes(*child, out.child(child->key));
    }
  }

  // What the second op puts, and its edits that met nothing at the boundary.
  void write_puts(const Node& node, Node& out) {
    const Component& component = node.component;
    if (component.drop) {
      const auto& slot = slots2_[*component.drop];
      if (slot) scribe_.drop(out, *slot);
      if (const auto& moved = buffers2_[*component.drop]) scribe_.merge(out, *moved);
    } else if (component.insert) {
      scribe_.insert(out, *component.insert);
    }
    if (component.edit && !std::ranges::binary_search(edits_done_, &node)) {
      scribe_.edit(out, component.edit);
    }
    for (const auto& child : node.children) {
      if (child->changes_inside) write_puts(*child, out.child(child->key));
    }
  }

  const Op& first_;
  const Op& second_;
  Scribe scribe_;
  std::optional<Error> failure_;
  std::vector<Tree> buffers1_;               // by slot of the first op: what is below, before it
  std::vector<Tree> buffers2_;               // by slot of the second op: what is below, after it
  std::vector<std::optional<Slot>> slots1_;  // slots of the result, by those of the first op
  std::vector<std::optional<Slot>> slots2_;
  Slot slots_ = 0;                       // given so far
  std::vector<const Node*> edits_done_;  // of the second op; sorted once all are there
};

}  // namespace

Result<Op> Json1::compose(const Op& first, const Op& second) {
  if (first.is_noop()) return second;
  if (second.is_noop()) return first;
  return Composition(first, second).run();
}

}  // namespace segue::ot
