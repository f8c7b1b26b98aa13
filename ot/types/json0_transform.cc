// json0: transform, one function per kind of the other op. spec/types/json0.md numbers the cases.
//
// Order counts numbers, and equality tells "0" from 0, as the reference's < and === do.
//
// In comments and names, `c` is the component that is transformed and `other` the one that was
// applied before it. Both paths meet at `common`: the last element of other's path, seen from c.
#include <algorithm>
#include <string>

#include "ot/types/json0_parts.h"

namespace segue::ot {
namespace {

using namespace json0_parts;  // NOLINT(google-build-using-namespace): this is its implementation.

// Numbers and strings are edited inside: their components reach one element below their path.
// (The path of si and sd holds that element already.)
std::size_t reach(const Component& component) {
  const bool below = as<NumberAdd>(component) || as<TextEdit>(component);
  return component.path.size() + (below ? 1 : 0);
}

// The place in a path where it passes through what another component edits. The root has none.
struct Meeting {
  std::optional<std::size_t> at;
};

// Where a component reaching `other_reach` deep along `other_path` meets one reaching
// `reach` deep along `path`; nothing if it edits neither what that one passes nor what it edits.
std::optional<Meeting> meeting(PathView other_path, std::size_t other_reach, PathView path,
                               std::size_t reach) {
  if (other_reach == 0) return Meeting{};
  if (reach < other_reach) return std::nullopt;
  const std::size_t common = other_reach - 1;
  if (!std::equal(path.begin(), path.begin() + static_cast<std::ptrdiff_t>(common),
                  other_path.begin())) {
    return std::nullopt;
  }
  return Meeting{common};
}

// The element of `path` at the meeting place; nothing at the root or below the path's end.
const PathElement* element_at(const Path& path, Meeting meeting) {
  return meeting.at && *meeting.at < path.size() ? &path[*meeting.at] : nullptr;
}

bool same_element(const Path& a, const Path& b, Meeting meeting) {
  const PathElement* of_a = element_at(a, meeting);
  const PathElement* of_b = element_at(b, meeting);
  return of_a && of_b ? *of_a == *of_b : of_a == of_b;
}

// As JavaScript's ==, for which "0" is 0.
bool loosely_same_element(const Path& a, const Path& b, Meeting meeting) {
  if (same_element(a, b, meeting)) return true;
  const PathElement* of_a = element_at(a, meeting);
  const PathElement* of_b = element_at(b, meeting);
  return of_a && of_b && index_of(*of_a) && index_of(*of_a) == index_of(*of_b);
}

// What became of a component.
enum class Fate { kept, dropped };

// Transforms `c` and appends what becomes of it to `out`. Each case is a function.
class Transformation {
 public:
  Transformation(Op& out, Component c, const Component& other, Side side)
      : out_(out), c_(std::move(c)), other_(other), side_(side) {}

  Result<void> run(Steps& steps) {
    auto updated = update_removed_value(steps);
    if (!updated) return updated;
    const auto met = meeting(other_.path, reach(other_), c_.path, reach(c_));
    if (!met) return append(out_, std::move(c_));
    met_ = *met;
    same_depth_ = reach(c_) == reach(other_);
    if (both_edit_text()) return transform_text(steps);
    const Fate fate =
        std::visit([&](const auto& other) { return after(other); }, other_.instruction);
    if (fate == Fate::dropped) return {};
    if (before_) {
      auto appended = append(out_, std::move(*before_));
      if (!appended) return appended;
    }
    return append(out_, std::move(c_));
  }

 private:
  // Case 0. c removes something inside which `other` changed something: it now removes the changed
  // value, or else its inverse would bring back the old one.
  Result<void> update_removed_value(Steps& steps) {
    std::optional<Json>* removed = removed_value();
    if (removed == nullptr || !*removed || reach(other_) <= reach(c_)) return {};
    const auto met = meeting(c_.path, reach(c_), other_.path, reach(other_));
    if (!met || !loosely_same_element(c_.path, other_.path, *met)) return {};
    const auto* text = as<TextEdit>(other_);
    auto paid = steps.take(text ? text->op.size() : 1);
    if (!paid) return paid;
    Component inside = other_;
    inside.path.erase(inside.path.begin(),
                      inside.path.begin() + static_cast<std::ptrdiff_t>(c_.path.size()));
    return Json0::apply(**removed, {std::move(inside)});
  }

  std::optional<Json>* removed_value() {
    if (auto* edit = as<ListEdit>(c_)) return &edit->removed;
    if (auto* edit = as<ObjectEdit>(c_)) return &edit->removed;
    return nullptr;
  }

  bool both_edit_text() const {
    return (as<TextEdit>(c_) && as<TextEdit>(other_)) ||
           (is_old_string_edit(c_) && is_old_string_edit(other_));
  }

  // Case 1.
  Result<void> transform_text(Steps& steps) {
    const bool old_style = is_old_string_edit(c_);
    const Text0::Op op = old_style ? Text0::Op{to_text0(c_)} : as<TextEdit>(c_)->op;
    const Text0::Op other = old_style ? Text0::Op{to_text0(other_)} : as<TextEdit>(other_)->op;
    auto edits = Text0::transform(op, other, side_, steps);
    if (!edits) return fail(std::move(edits.error()));
    if (edits->empty()) return {};
    if (!old_style) return append(out_, Component{c_.path, TextEdit{std::move(*edits)}});
    for (const Text0::Component& edit : *edits) {
      auto appended = append(out_, from_text0(parent_path(c_.path), edit));
      if (!appended) return appended;
    }
    return {};
  }

  // Case 2, and text against something else: nothing moves.
  Fate after(const NumberAdd&) { return Fate::kept; }
  Fate after(const StringInsert&) { return Fate::kept; }
  Fate after(const StringDelete&) { return Fate::kept; }
  Fate after(const TextEdit&) { return Fate::kept; }

  Fate after(const ListEdit& other) {
    if (!other.removed) return after_list_insert();
    return other.inserted ? after_list_replace(*other.inserted) : after_list_delete();
  }

  // Case 3.
  Fate after_list_replace(const Json& inserted) {
    if (!same_element(c_.path, other_.path, met_)) return Fate::kept;
    if (!same_depth_) return Fate::dropped;
    auto* edit = as<ListEdit>(c_);
    if (edit == nullptr || !edit->removed) return Fate::kept;
    if (!edit->inserted || side_ == Side::right) return Fate::dropped;
    edit->removed = inserted;
    return Fate::kept;
  }

  // Case 4.
  Fate after_list_insert() {
    const auto* edit = as<ListEdit>(c_);
    const bool both_insert = edit && !edit->removed && same_depth_;
    if (both_insert && same_element(c_.path, other_.path, met_)) {
      if (side_ == Side::right) shift_element(+1);
      return Fate::kept;
    }
    const auto place = other_index();
    const auto mine = my_index();
    if (place && mine && *place <= *mine) shift_element(+1);
    if (auto* move = as<ListMove>(c_); move && same_depth_ && place && *place <= move->to) {
      ++move->to;
    }
    return Fate::kept;
  }

  // Case 5.
  Fate after_list_delete() {
    const bool same = same_element(c_.path, other_.path, met_);
    const auto place = other_index();
    const auto mine = my_index();
    if (auto* move = as<ListMove>(c_); move && same_depth_ && place && mine) {
      if (same) return Fate::dropped;
      const bool at_target = *element_at(other_.path, met_) == PathElement(move->to);
      if (*place < move->to || (at_target && *mine < move->to)) --move->to;
    }
    if (place && mine && *place < *mine) {
      shift_element(-1);
      return Fate::kept;
    }
    if (!same) return Fate::kept;
    if (!same_depth_) return Fate::dropped;
    auto* edit = as<ListEdit>(c_);
    if (edit == nullptr || !edit->removed) return Fate::kept;
    if (!edit->inserted) return Fate::dropped;
    edit->removed.reset();
    return Fate::kept;
  }

  // Case 6.
  struct Move {
    PathElement from;
    Index to;
  };

  Fate after(const ListMove& other) {
    if (!my_index() || !other_index()) return Fate::kept;
    const Move move{*element_at(other_.path, met_), other.to};
    if (as<ListMove>(c_) && same_depth_) return move_after_move(move);
    const auto* edit = as<ListEdit>(c_);
    if (edit && !edit->removed && same_depth_) {
      step_around(move, false);  // c names a gap, not an element
    } else {
      follow_move(move);
    }
    return Fate::kept;
  }

  // c moves in the list in which `other` moved.
  Fate move_after_move(const Move& other) {
    if (other.from == PathElement(other.to)) return Fate::kept;
    auto& to = as<ListMove>(c_)->to;
    const bool stays = my_element() == PathElement(to);
    if (my_element() == other.from) {
      if (side_ == Side::right) return Fate::dropped;
      set_element(other.to);
      if (stays) to = other.to;
      return Fate::kept;
    }
    const bool pushed_up = my_element() == PathElement(other.to) && moves_down(other);
    to = target_after_move(other, to) + (stays && pushed_up ? 1 : 0);
    step_around(other, moves_down(other));
    return Fate::kept;
  }

  // Where c moves its element to, after `other` moved another one.
  Index target_after_move(const Move& other, Index to) const {
    const bool up = to > *my_index();
    const bool down = to < *my_index();
    const bool fills_gap = PathElement(to) == other.from && up;
    const Index without = to > *index_of(other.from) || fills_gap ? to - 1 : to;
    if (to != other.to) return to > other.to ? without + 1 : without;
    const bool same_direction = (moves_up(other) && up) || (moves_down(other) && down);
    const bool behind = same_direction ? side_ == Side::right : up;
    return behind ? without + 1 : without;
  }

  // An index that names an element goes where that goes.
  void follow_move(const Move& other) {
    if (my_element() == other.from) {
      set_element(other.to);
    } else {
      step_around(other, moves_down(other));
    }
  }

  // Shifts c's index for the element that `other` took out at one place and put in at another.
  // Put in just at c's place, it pushes that up if `pushes`.
  void step_around(const Move& other, bool pushes) {
    const Index mine = *my_index();
    const bool at_target = my_element() == PathElement(other.to);
    if (mine > *index_of(other.from)) shift_element(-1);
    if (mine > other.to || (at_target && pushes)) shift_element(+1);
  }

  static bool moves_up(const Move& move) { return move.to > *index_of(move.from); }
  static bool moves_down(const Move& move) { return move.to < *index_of(move.from); }

  Fate after(const ObjectEdit& other) {
    if (!other.removed) return after_object_insert(*other.inserted);
    return other.inserted ? after_object_replace(*other.inserted) : after_object_delete();
  }

  // Case 7.
  Fate after_object_replace(const Json& inserted) {
    if (!same_element(c_.path, other_.path, met_)) return Fate::kept;
    auto* edit = as<ObjectEdit>(c_);
    const bool survives = edit && edit->inserted && same_depth_ && side_ == Side::left;
    if (!survives) return Fate::dropped;
    edit->removed = inserted;
    return Fate::kept;
  }

  // Case 8. The reference looks at the element only, and not at how deep c goes on from it.
  Fate after_object_insert(const Json& inserted) {
    const auto* edit = as<ObjectEdit>(c_);
    const bool clash = edit && edit->inserted && same_element(c_.path, other_.path, met_);
    if (!clash) return Fate::kept;
    if (side_ == Side::right) return Fate::dropped;
    before_ = Component{c_.path, ObjectEdit{inserted, std::nullopt}};
    return Fate::kept;
  }

  // Case 9.
  Fate after_object_delete() {
    if (!loosely_same_element(c_.path, other_.path, met_)) return Fate::kept;
    auto* edit = as<ObjectEdit>(c_);
    const bool survives = edit && edit->inserted && same_depth_;
    if (!survives) return Fate::dropped;
    edit->removed.reset();
    return Fate::kept;
  }

  std::optional<Index> my_index() const { return index_at(c_.path); }
  std::optional<Index> other_index() const { return index_at(other_.path); }

  std::optional<Index> index_at(const Path& path) const {
    const PathElement* element = element_at(path, met_);
    return element ? index_of(*element) : std::nullopt;
  }

  // REQUIRES of these: my_index().
  const PathElement& my_element() const { return *element_at(c_.path, met_); }
  void set_element(Index index) { c_.path[*met_.at] = index; }
  void shift_element(Index by) { set_element(*my_index() + by); }

  Op& out_;
  Component c_;
  const Component& other_;
  Side side_;
  Meeting met_;
  bool same_depth_ = false;
  std::optional<Component> before_;  // what has to go before c
};

struct Rules {
  using Component = Json0::Component;

  static Result<void> append(Op& op, Component component) {
    return json0_parts::append(op, std::move(component));
  }
  static Result<void> transform_component(Op& out, const Component& component,
                                          const Component& other, Side side, Steps& steps) {
    return Transformation(out, component, other, side).run(steps);
  }
};

}  // namespace

Result<Json0::Op> Json0::transform(const Op& op, const Op& other, Side side) {
  Steps steps;
  return transform(op, other, side, steps);
}

Result<Json0::Op> Json0::transform(const Op& op, const Op& other, Side side, Steps& steps) {
  return ListTransform<Rules>::one(op, other, side, steps);
}

Result<std::pair<Json0::Op, Json0::Op>> Json0::transform_both(const Op& left, const Op& right) {
  Steps steps;
  return ListTransform<Rules>::both(left, right, steps);
}

bool Json0::can_affect(const Component& component, const Path& path) {
  return meeting(path, path.size(), component.path, reach(component)).has_value();
}

}  // namespace segue::ot
