// What our op puts into things that the other op moved, to where the result puts those things.
#include "ot/types/json1_transform.h"

namespace segue::ot::json1 {
namespace {

bool is_blank(const Node& node) {
  if (!node.component.is_empty()) return false;
  for (const auto& child : node.children) {
    if (!is_blank(*child)) return false;
  }
  return true;
}

void copy_below(const Node& node, Node& copy) {
  copy.component = node.component;
  copy.reserve(node.children.size());
  for (const auto& child : node.children) copy_below(*child, copy.child(child->key));
}

Tree copy_of(const Node& node) {
  auto copy = Tree::make();
  copy_below(node, *copy);
  return copy;
}

class Placement {
 public:
  Placement(Meeting& meeting, Filling filling)
      : meeting_(meeting),
        filling_(filling),
        so_far_(copy_of(*meeting.out)),
        drops_(meeting.out_slots.size()),
        contents_(meeting.out_slots.size()) {
    note_drops(*so_far_);
    for (const auto& thing : meeting_.others) {
      if (thing.puts) note_drops(*thing.puts);
    }
  }

  void run() {
    place(*meeting_.other.root(), {so_far_.get(), so_far_.get(), meeting_.out.get()});
    const Tree placed = copy_of(*meeting_.out);
    fill(*placed, *meeting_.out);
    note_black_hole();
  }

 private:
  // A place after the other op.
  struct Place {
    const Node* out_take;  // what the result takes here
    const Node* out_put;   // what it puts, where this place is in the end
    Node* out;             // where that is written
  };

  void note_drops(const Node& node) {
    if (node.component.drop) drops_[*node.component.drop] = &node;
    for (const auto& child : node.children) note_drops(*child);
  }

  void place(const Node& theirs, Place at) {
    const Component& taken = component_of(at.out_take);
    if (taken.pick) {
      at.out_put = drops_[*taken.pick];
      contents_[*taken.pick] = Tree::make();
      at.out = contents_[*taken.pick].get();
    } else if (taken.remove || component_of(at.out_put).puts()) {
      at.out_put = nullptr;
    }
    const auto& slot = theirs.component.drop;
    if (slot && meeting_.others[*slot].puts) {
      const Node& puts = *meeting_.others[*slot].puts;
      meeting_.scribe.merge(*at.out, puts);
      at.out_put = &puts;
    }
    Finger take(at.out_take, Finger::Counted::taken);
    Finger put(at.out_put, Finger::Counted::put);
    for (const auto& child : theirs.children) {
      const Key& key = child->key;
      const Node* out_take = take.find(key);
      const Key between = key.is_index() ? Key(key.index() - take.count()) : key;
      const Node* out_put = put.find_between(between);
      Node& out = key.is_index() ? meeting_.scribe.child(*at.out, between.index() + put.count())
                                 : at.out->child(key);
      place(*child, {out_take, out_put, &out});
    }
  }

  // Puts the contents of what the result moves to where it is dropped. Contents may bring drops of
  // their own: those at places that had a component already are seen here, as the reference does.
  void fill(const Node& node, Node& out) {
    const auto slot = node.component.is_empty() ? MaybeSlot() : out.component.drop;
    if (slot && contents_[*slot]) {
      const Tree content = std::move(contents_[*slot]);
      meeting_.scribe.merge(out, *content);
      if (filling_ == Filling::all) fill(*content, out);
    }
    for (const auto& child : node.children) fill(*child, out.child(child->key));
  }

  // What is left over would lie in itself: that of ours which is moved there, and that of theirs
  // which goes into it.
  void note_black_hole() {
    auto ours = Tree::make();
    auto theirs = Tree::make();
    Slot our_slots = 0;
    Slot their_slots = 0;
    const auto add_move = [](Node& root, const Node& pick, const Node& drop, Slot slot) {
      descend(root, path_of(pick)).component.pick = slot;
      descend(root, path_of(drop)).component.drop = slot;
    };
    const auto add_drop = [&](Slot out_slot) {
      const Slot slot = meeting_.out_slots[out_slot];
      add_move(*ours, meeting_.op.pick(slot), meeting_.op.drop(slot), our_slots++);
      for (const Slot other : meeting_.own[slot].holds) {
        if (meeting_.others[other].removed_by || !meeting_.stands(other)) continue;
        add_move(*theirs, meeting_.other.pick(other), meeting_.other.drop(other), their_slots++);
      }
    };
    bool is_lost = false;
    for (const Tree& content : contents_) {
      if (!content || is_blank(*content)) continue;
      is_lost = true;
      for_each_drop(*content, add_drop);
    }
    if (is_lost) note(std::move(ours), std::move(theirs));
  }

  static void for_each_drop(const Node& node, FunctionRef<void(Slot)> visit) {
    if (node.component.drop) visit(*node.component.drop);
    for (const auto& child : node.children) for_each_drop(*child, visit);
  }

  void note(Tree ours, Tree theirs) {
    auto own_part = Op::seal(std::move(ours));
    auto other_part = Op::seal(std::move(theirs));
    if (own_part && other_part) {
      meeting_.note(Json1::Conflict::Kind::black_hole, std::move(*own_part),
                    std::move(*other_part));
    } else {
      meeting_.scribe.fail_later();
    }
  }

  Meeting& meeting_;
  Filling filling_;
  Tree so_far_;                     // the result before anything is placed
  std::vector<const Node*> drops_;  // by slot of the result
  std::vector<Tree> contents_;      // by slot of the result: what goes into what it moves
};

}  // namespace

void place_puts(Meeting& meeting, Filling filling) {
  for (const auto& thing : meeting.others) {
    if (thing.puts) return Placement(meeting, filling).run();
  }
}

}  // namespace segue::ot::json1
