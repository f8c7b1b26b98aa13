// What our op takes, after the other op.
#include "ot/types/json1_transform.h"

namespace segue::ot::json1 {
namespace {

class TakeWriter {
 public:
  // A place of ours before both ops, as the other op sees it.
  struct Place {
    const Node* other_take = nullptr;
    const Node* other_put = nullptr;
    const Node* removed_by = nullptr;  // the remove of theirs that it is in
    Node* out = nullptr;
  };

  explicit TakeWriter(Meeting& meeting) : meeting_(meeting) {}

  void write(const Node& ours, Place place) {
    const Component& theirs = component_of(place.other_take);
    if (theirs.pick) {
      place.other_put = &meeting_.other.drop(*theirs.pick);
      place.removed_by = nullptr;
      place.out = buffer(meeting_.others[*theirs.pick]);
    } else if (theirs.remove) {
      place.other_put = nullptr;
      place.removed_by = place.other_take;
    } else if (component_of(place.other_put).puts()) {
      place.other_put = nullptr;
    }
    const bool is_moved = static_cast<bool>(theirs.pick);
    if (ours.component.pick) pick(meeting_.own[*ours.component.pick], place, is_moved);
    if (ours.component.remove) {
      if (!place.removed_by) meeting_.scribe.remove(*place.out, Json(true));
      if (place.removed_by || is_moved) meeting_.cancelled_removes.insert(&ours);
    }
    write_children(ours, place);
  }

 private:
  static Node* buffer(Meeting::Others& thing) {
    thing.takes = Tree::make();
    return thing.takes.get();
  }

  // Where both move one thing the left op has its way.
  void pick(Meeting::Own& thing, const Place& place, bool is_moved) const {
    const bool has_lost = is_moved && meeting_.side == Side::right;
    thing.removed_by = place.removed_by;
    thing.other_put = place.other_put;
    thing.out = place.removed_by || has_lost ? nullptr : place.out;
  }

  void write_children(const Node& ours, const Place& place) {
    Finger take(place.other_take, Finger::Counted::taken);
    Finger put(place.other_put, Finger::Counted::put);
    for (const auto& child : ours.children) {
      const Key& key = child->key;
      Place below{.other_take = take.find(key), .removed_by = place.removed_by};
      if (key.is_index()) {
        const std::int64_t between = key.index() - take.count();
        const bool is_taken = component_of(below.other_take).takes();
        if (!is_taken) below.other_put = put.find_between(Key(between));
        below.out = &meeting_.scribe.child(*place.out, between + put.count());
      } else {
        below.other_put = put.find_between(key);
        below.out = &place.out->child(key);
      }
      write(*child, below);
    }
  }

  Meeting& meeting_;
};

void merge_into(Meeting& meeting, const Node& theirs, Node& out) {
  if (const auto& slot = theirs.component.drop) {
    const Meeting::Others& thing = meeting.others[*slot];
    if (thing.removed_by && !thing.is_discarded) meeting.scribe.remove(out, Json(true));
    if (thing.takes) meeting.scribe.merge(out, *thing.takes);
  }
  for (const auto& child : theirs.children) merge_into(meeting, *child, out.child(child->key));
}

}  // namespace

void write_takes(Meeting& meeting) {
  const Node* theirs = meeting.other.root();
  TakeWriter(meeting).write(*meeting.op.root(),
                            {.other_take = theirs, .other_put = theirs, .out = meeting.out.get()});
}

void merge_takes(Meeting& meeting) { merge_into(meeting, *meeting.other.root(), *meeting.out); }

}  // namespace segue::ot::json1
