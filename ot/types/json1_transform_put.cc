// What our op puts and edits, after the other op.
#include "ot/types/json1_transform.h"

namespace segue::ot::json1 {
namespace {

using Kind = Json1::Conflict::Kind;

// A place after our op, as seen from elsewhere.
struct Place {
  const Node* own_take = nullptr;
  const Node* other_take = nullptr;
  const Node* other_put = nullptr;
  const Node* removed_by = nullptr;  // the remove of theirs that it is in
  Node* out = nullptr;
};

// Finds the places of a node's children, from left to right.
class Children {
 public:
  Children(Meeting& meeting, const Place& place)
      : meeting_(meeting), place_(place), other_take_(place.other_take, Finger::Counted::taken) {}

  Place place_of(const Node& ours) {
    return ours.key.is_index() ? place_at(ours) : place_named(ours.key);
  }
  void note_written() { ++written_; }

 private:
  Place place_named(const Key& key) {
    Place below{.removed_by = place_.removed_by, .out = &place_.out->child(key)};
    below.own_take = skip_to(place_.own_take, own_next_, key);
    below.other_take = other_take_.find(key);
    below.other_put = skip_to(place_.other_put, other_next_, key);
    return below;
  }

  Place place_at(const Node& ours) {
    const bool puts = ours.component.puts();
    const std::int64_t between = ours.key.index() - own_put_;
    const Node* own_take = pass_own_takes(between, puts);
    const std::int64_t before = between + own_taken_;
    const Node* other_take = other_take_.find(Key(before));
    const std::int64_t other_between = before - other_take_.count();
    const bool goes_first =
        meeting_.side == Side::left && (puts || component_of(other_take).takes());
    const Node* other_put = pass_other_puts(other_between, goes_first);
    const std::int64_t index = other_between + other_put_ - out_taken_ + written_;
    Place below{.removed_by = place_.removed_by, .out = &meeting_.scribe.child(*place_.out, index)};
    if (puts) {
      ++own_put_;
      return below;  // The other op knows nothing about it.
    }
    below.own_take = own_take;
    below.other_take = other_take;
    below.other_put = other_put;
    return below;
  }

  static const Node* child_or_null(const Node* node, std::size_t index) {
    return node != nullptr && index < node->children.size() ? node->children[index] : nullptr;
  }

  static const Node* skip_to(const Node* node, std::size_t& next, const Key& key) {
    const Node* child = child_or_null(node, next);
    while (child != nullptr && child->key < key) child = child_or_null(node, ++next);
    return child != nullptr && child->key == key ? child : nullptr;
  }

  // Passes what ours takes left of an index between its takes and puts; at it too, but that what
  // the left op puts goes before what it took there. Answers the child at it.
  const Node* pass_own_takes(std::int64_t between, bool puts) {
    for (;; ++own_next_) {
      const Node* child = child_or_null(place_.own_take, own_next_);
      if (child == nullptr || !child->key.is_index()) return nullptr;
      const std::int64_t here = child->key.index() - own_taken_;
      const bool takes = child->component.takes();
      const bool stops = !takes || (puts && meeting_.side == Side::left);
      if (here > between) return nullptr;
      if (here == between && stops) return child;
      if (!takes) continue;
      ++own_taken_;
      out_taken_ += is_taken_here(*child) ? 1 : 0;
    }
  }

  // Whether the result takes it from this list.
  bool is_taken_here(const Node& own) const {
    if (own.component.remove) return !meeting_.cancelled_removes.contains(&own);
    const Meeting::Own& thing = meeting_.own[*own.component.pick];
    return thing.out != nullptr && (meeting_.side == Side::right || !thing.has_twin);
  }

  // Passes what theirs puts left of an index between its takes and puts; at it too, unless ours
  // goes first. Answers the child at it.
  const Node* pass_other_puts(std::int64_t between, bool goes_first) {
    for (;; ++other_next_) {
      const Node* child = child_or_null(place_.other_put, other_next_);
      if (child == nullptr || !child->key.is_index()) return nullptr;
      const std::int64_t here = child->key.index() - other_put_;
      const Component& theirs = child->component;
      if (here > between) return nullptr;
      if (here == between && !theirs.puts()) return child;
      if (here == between && goes_first) return nullptr;
      if (!theirs.puts()) continue;
      ++other_put_;
      if (theirs.drop && !is_put_here(*theirs.drop)) --written_;
    }
  }

  bool is_put_here(Slot slot) const {
    return !meeting_.others[slot].removed_by && meeting_.stands(slot);
  }

  Meeting& meeting_;
  const Place& place_;
  Finger other_take_;
  std::size_t own_next_ = 0;
  std::size_t other_next_ = 0;
  // How many items to the left ...
  std::int64_t own_taken_ = 0;  // ... ours takes
  std::int64_t own_put_ = 0;    // ... ours puts
  std::int64_t other_put_ = 0;  // ... theirs puts
  std::int64_t out_taken_ = 0;  // ... the result takes
  std::int64_t written_ = 0;    // ... the result puts, less those of theirs that it does not leave
};

class PutWriter {
 public:
  explicit PutWriter(Meeting& meeting) : meeting_(meeting) {}

  // Answers whether the result puts something here.
  bool write(const Node& ours, Place place) {
    const Component& component = ours.component;
    const bool only_they_put = !component.puts() && component_of(place.other_put).puts();
    bool is_written = false;
    if (component.puts()) {
      is_written = write_put(ours, place);
    } else if (component_of(place.own_take).takes()) {
      place.own_take = place.other_take = place.other_put = nullptr;
    }
    if (component_of(place.other_take).takes()) {
      follow_take(place);
    } else if (only_they_put) {
      place.other_put = nullptr;
    }
    if (component.edit) write_edit(ours, place);
    Children children(meeting_, place);
    for (const auto& child : ours.children) {
      if (write(*child, children.place_of(*child))) children.note_written();
    }
    return is_written;
  }

 private:
  // Writes what ours puts here, and goes to where it has it from.
  bool write_put(const Node& ours, Place& place) {
    const Component& component = ours.component;
    const bool is_same = meets_same(component, component_of(place.other_put));
    if (component.insert) {
      const bool is_written = !is_same && may_put(ours, place);
      if (is_written) meeting_.scribe.insert(*place.out, *component.insert);
      place.own_take = place.other_take = nullptr;
      if (!is_same) place.other_put = nullptr;
      return is_written;
    }
    const Meeting::Own& thing = meeting_.own[*component.drop];
    const bool is_written = thing.out != nullptr && !is_same && may_put(ours, place);
    if (is_written) {
      const Slot out_slot = meeting_.out_slots.size();
      meeting_.out_slots.push_back(*component.drop);
      meeting_.scribe.drop(*place.out, out_slot);
      meeting_.scribe.pick(*thing.out, out_slot);
    }
    if (thing.out == nullptr && thing.removed_by) place.removed_by = thing.removed_by;
    place.own_take = &meeting_.op.pick(*component.drop);
    place.other_take = thing.other_take;
    place.other_put = thing.other_put;
    return is_written;
  }

  // Whether theirs puts something here that is there in the end.
  bool is_met(const Component& met) const {
    return met.insert || (met.drop && !meeting_.others[*met.drop].removed_by);
  }

  // Whether that is what ours puts here.
  bool meets_same(const Component& component, const Component& met) const {
    if (!is_met(met)) return false;
    if (met.insert) return component.insert == met.insert;
    return component.drop && meeting_.others[*met.drop].twin == component.drop;
  }

  bool may_put(const Node& ours, const Place& place) {
    const Component& met = component_of(place.other_put);
    if (is_met(met) && (met.insert || meeting_.stands(*met.drop))) {
      clash(Kind::drop_collision, put_op(meeting_.op, ours),
            put_op(meeting_.other, *place.other_put));
    }
    if (!place.removed_by) return true;
    clash(Kind::removed_content, put_op(meeting_.op, ours), remove_op(path_of(*place.removed_by)));
    return false;
  }

  // To where theirs takes what is here.
  void follow_take(Place& place) {
    const Component& take = component_of(place.other_take);
    const bool only_they_remove = take.remove && !component_of(place.own_take).remove;
    if (only_they_remove || (take.pick && meeting_.others[*take.pick].removed_by)) {
      place.other_put = nullptr;
      place.removed_by = place.other_take;
    } else if (take.pick) {
      place.other_put = &meeting_.other.drop(*take.pick);
      if (!meeting_.stands(*take.pick)) return;
      Tree& buffer = meeting_.others[*take.pick].puts;
      if (!buffer) buffer = Tree::make();
      place.out = buffer.get();
      place.removed_by = nullptr;
    }
  }

  void write_edit(const Node& ours, const Place& place) {
    const Edit& edit = *ours.component.edit;
    if (place.removed_by) {
      clash(Kind::removed_content, edit_op(path_of(ours), edit),
            remove_op(path_of(*place.removed_by)));
      return;
    }
    const auto& theirs = component_of(place.other_put).edit;
    if (!theirs) return meeting_.scribe.edit(*place.out, ours.component.edit);
    auto transformed = transform_edit(edit, *theirs, meeting_.side);
    if (transformed) {
      meeting_.scribe.edit(*place.out, std::move(*transformed));
    } else if (!meeting_.failure) {
      meeting_.failure = transformed.error();
    }
  }

  static Op put_op(const Op& op, const Node& put) {
    if (put.component.insert) return insert_op(path_of(put), *put.component.insert);
    return move_op(path_of(op.pick(*put.component.drop)), path_of(put));
  }

  void clash(Kind kind, Op ours, Op theirs) {
    meeting_.note(kind, std::move(ours), std::move(theirs));
  }

  Meeting& meeting_;
};

}  // namespace

void write_puts(Meeting& meeting) {
  const Node* ours = meeting.op.root();
  const Node* theirs = meeting.other.root();
  PutWriter(meeting).write(
      *ours,
      {.own_take = ours, .other_take = theirs, .other_put = theirs, .out = meeting.out.get()});
}

}  // namespace segue::ot::json1
