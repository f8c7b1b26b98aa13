// How two concurrent json1 ops are transformed: the phases, and what they hand on. Private to
// ot/types/json1_transform*.cc and its tests.
//
// `op` is rewritten to apply after `other`. It is done in six passes, in this order:
//
//   scan_takes    over what `other` takes, in the document before both: what does `op` remove of
//                 it, and what do both pick up?
//   scan_puts     over what `other` puts: where does it lie in what `op` takes? Does it lie in
//                 something that `op` removes?
//   write_takes   over what `op` takes: to where that is after `other`
//   write_puts    over what `op` puts and edits: back through what `op` took, through `other`, and
//                 through what the result takes. Slots of the result are given here.
//   merge_takes   what `op` takes out of things that `other` moved, to where they are now
//   place_puts    what `op` puts into things that `other` moved, to where the result puts them.
//   What
//                 finds no place is a black hole.
//
// Nodes are those of the two ops: "own" ones of `op`.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <unordered_set>
#include <vector>

#include "ot/types/json1_parts.h"

namespace segue::ot::json1 {

struct Meeting {
  // What is known of a thing that `op` moves.
  struct Own {
    const Node* other_take = nullptr;  // what `other` takes, where the thing was
    const Node* other_put = nullptr;   // what `other` puts, where it would be after `other`
    const Node* removed_by = nullptr;  // the remove of `other` that it is in
    Node* out = nullptr;               // where the result picks it, if it still does
    bool has_twin = false;             // `other` moves it too
    std::vector<Slot> holds;           // slots of `other` that drop something into it
  };
  // What is known of a thing that `other` moves.
  struct Others {
    const Node* own_take = nullptr;    // what `op` takes, where the thing was
    const Node* removed_by = nullptr;  // the remove of `op` that it is in
    bool is_discarded = false;         // being removed, it also goes to where `op` removes
    MaybeSlot twin = {};               // the slot of `op`, if that moves it too
    Tree takes = {};                   // of `op`, in it
    Tree puts = {};                    // of `op`, in it
  };

  Meeting(const Op& op_, const Op& other_, Side side_)
      : op(op_), other(other_), side(side_), own(op.slots()), others(other.slots()) {}

  // Whether the thing ends up where `other` moves it, and not where `op` does.
  bool stands(Slot other_slot) const { return side == Side::right || !others[other_slot].twin; }
  // Only the first one counts.
  void note(Json1::Conflict::Kind kind, Op own_part, Op other_part) {
    if (!conflict) conflict = Json1::Conflict{kind, std::move(own_part), std::move(other_part)};
  }

  const Op& op;
  const Op& other;
  Side side;
  std::vector<Own> own;                               // by slot
  std::vector<Others> others;                         // by slot
  std::unordered_set<const Node*> cancelled_removes;  // of `op`
  std::vector<Slot> out_slots;                        // slots of `op`, by those of the result
  Tree out = Tree::make();
  Scribe scribe = {};
  std::optional<Json1::Conflict> conflict = {};
  std::optional<Error> failure = {};
};

// REQUIRES: neither op is a no-op; the passes before are done, and found no conflict.
void scan_takes(Meeting& meeting);
void scan_puts(Meeting& meeting);
void write_takes(Meeting& meeting);
void write_puts(Meeting& meeting);
void merge_takes(Meeting& meeting);
// How far a thing that the result moves is filled with what goes into it: as the reference does,
// only if it is dropped in the open; or also if it is dropped into another such thing.
enum class Filling : std::uint8_t { outer, all };
void place_puts(Meeting& meeting, Filling filling);

}  // namespace segue::ot::json1
