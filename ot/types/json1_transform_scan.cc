// What the other op does, as seen from ours.
#include "ot/types/json1_transform.h"

namespace segue::ot::json1 {
namespace {

using Kind = Json1::Conflict::Kind;

class TakeScan {
 public:
  explicit TakeScan(Meeting& meeting) : meeting_(meeting) {}

  // `removed_by` is the remove of ours that this place is in.
  void scan(const Node& theirs, const Node* ours, const Node* removed_by) {
    const Component& own = component_of(ours);
    if (own.remove) removed_by = ours;
    if (own.pick) {
      removed_by = nullptr;
      meeting_.own[*own.pick].other_take = &theirs;
    }
    if (const auto& slot = theirs.component.pick) {
      Meeting::Others& thing = meeting_.others[*slot];
      thing.own_take = ours;
      thing.removed_by = removed_by;
      thing.twin = own.pick;
      if (own.pick) meeting_.own[*own.pick].has_twin = true;
    }
    Finger own_children(ours, Finger::Counted::taken);
    for (const auto& child : theirs.children) {
      scan(*child, own_children.find(child->key), removed_by);
    }
  }

 private:
  Meeting& meeting_;
};

class PutScan {
 public:
  struct Place {
    const Node* own_take = nullptr;
    const Node* other_take = nullptr;
    MaybeSlot inside = {};             // the innermost thing of ours that this place is in
    const Node* removed_by = nullptr;  // the remove of ours that it is in
  };

  explicit PutScan(Meeting& meeting) : meeting_(meeting) {}

  void scan(const Node& theirs, Place place) {
    const Component& component = theirs.component;
    if (component.drop) follow(theirs, *component.drop, place);
    if (component.insert) {
      place.own_take = place.other_take = nullptr;
      if (place.removed_by) clash(place, insert_op(path_of(theirs), *component.insert));
    }
    const Component& own = component_of(place.own_take);
    if (own.remove) place.removed_by = place.own_take;
    if (own.pick) {
      place.inside = own.pick;
      place.removed_by = nullptr;
    }
    if (component.edit && place.removed_by) {
      clash(place, edit_op(path_of(theirs), *component.edit));
    }
    scan_children(theirs, place);
  }

 private:
  // To where the other op has what it drops here from.
  void follow(const Node& theirs, Slot slot, Place& place) {
    Meeting::Others& thing = meeting_.others[slot];
    if (place.inside) meeting_.own[*place.inside].holds.push_back(slot);
    place.own_take = thing.own_take;
    place.other_take = &meeting_.other.pick(slot);
    if (thing.removed_by) {
      if (place.removed_by) thing.is_discarded = true;
      place.removed_by = thing.removed_by;
    } else if (place.removed_by && meeting_.stands(slot)) {
      clash(place, move_op(path_of(*place.other_take), path_of(theirs)));
    }
  }

  void scan_children(const Node& theirs, const Place& place) {
    Finger own_take(place.own_take, Finger::Counted::taken);
    Finger other_take(place.other_take, Finger::Counted::taken);
    std::int64_t put_before = 0;
    for (const auto& child : theirs.children) {
      Place below{.inside = place.inside, .removed_by = place.removed_by};
      Key before = child->key;
      if (before.is_index()) before = Key(before.index() - put_before);
      below.other_take = other_take.find_between(before);
      if (before.is_index()) before = Key(before.index() + other_take.count());
      below.own_take = own_take.find(before);
      scan(*child, below);
      put_before += child->component.puts() ? 1 : 0;
    }
  }

  void clash(const Place& place, Op theirs) {
    if (meeting_.conflict) return;
    meeting_.note(Kind::removed_content, remove_op(path_of(*place.removed_by)), std::move(theirs));
  }

  Meeting& meeting_;
};

}  // namespace

void scan_takes(Meeting& meeting) {
  TakeScan(meeting).scan(*meeting.other.root(), meeting.op.root(), nullptr);
}

void scan_puts(Meeting& meeting) {
  PutScan::Place root{.own_take = meeting.op.root(), .other_take = meeting.other.root()};
  PutScan(meeting).scan(*meeting.other.root(), root);
}

}  // namespace segue::ot::json1
