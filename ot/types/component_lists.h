// How two lists of components transform against each other when each component applies to what the
// ones before it left. json0 and text0 work like this; they only differ in how two single
// components transform and in how one is appended to a list.
//
// The scheme is the reference's, because its outcome shows in stored ops: each right component in
// turn is pushed through the left list. One that splits on its way goes on as a list of its own
// through the rest of the left list. Splits can nest as deep as the list is long, so the nesting
// is a vector of frames and not the call stack.
#pragma once

#include <cstddef>
#include <iterator>
#include <utility>
#include <vector>

#include "ot/result.h"
#include "ot/steps.h"
#include "ot/type.h"

namespace segue::ot {

// Rules has
//   Component
//   Result<void> append(std::vector<Component>& list, Component component)
//   Result<void> transform_component(std::vector<Component>& out, const Component& component,
//                                    const Component& other, Side side, Steps& steps)
// where the latter appends what `component` becomes after `other`; and if append() merges nothing
//   bool pass(Component& left, Component& right)
// which transforms both over each other where each of them stays one component, as most do, and
// else answers false, with nothing done.
template <class Rules>
class ListTransform {
 public:
  using Component = typename Rules::Component;
  using List = std::vector<Component>;

  // Both lists, each as it must be to apply after the other. Errors: those of Rules; too_costly.
  static Result<std::pair<List, List>> both(List left, List right, Steps& steps) {
    auto enough = steps.check(left.size() * right.size());
    if (!enough) return fail(std::move(enough.error()));
    ListTransform work(steps);
    work.frames_.push_back(Frame{std::move(left), std::move(right)});
    while (true) {
      Frame& frame = work.frames_.back();
      const bool finished = frame.right_done == frame.right.size();
      if (finished && work.frames_.size() == 1) {
        return std::pair{std::move(frame.left), std::move(frame.new_right)};
      }
      const auto done = finished ? work.return_to_parent() : work.push_next_through();
      if (!done) return fail(done.error());
    }
  }

  // `list` as it must be to apply after `other`.
  static Result<List> one(const List& list, const List& other, Side side, Steps& steps) {
    if (other.empty()) return list;
    if (list.size() == 1 && other.size() == 1) {
      List out;
      const auto done = Rules::transform_component(out, list[0], other[0], side, steps);
      if (!done) return fail(done.error());
      return out;
    }
    const bool is_left = side == Side::left;
    auto result = is_left ? both(list, other, steps) : both(other, list, steps);
    if (!result) return fail(std::move(result.error()));
    return is_left ? std::move(result->first) : std::move(result->second);
  }

 private:
  // One nested task: `right` against `left`.
  struct Frame {
    List left;
    List right;
    std::size_t right_done = 0;
    List new_left = {};  // while a right component is on its way: what it has passed
    List new_right = {};
  };

  explicit ListTransform(Steps& steps) : steps_(steps) {}

  static Result<void> append_all(List& list, List components) {
    for (Component& component : components) {
      auto done = Rules::append(list, std::move(component));
      if (!done) return done;
    }
    return {};
  }

  // A nested task is done: its results end the parent's turn with the component that split.
  Result<void> return_to_parent() {
    Frame done = std::move(frames_.back());
    frames_.pop_back();
    Frame& parent = frames_.back();
    auto appended = append_all(parent.new_left, std::move(done.left));
    if (!appended) return appended;
    parent.left = std::exchange(parent.new_left, {});
    return append_all(parent.new_right, std::move(done.new_right));
  }

  // Takes the next right component through the left list, or to where it splits. The left list
  // stays where it is for as long as all pass.
  Result<void> push_next_through() {
    Frame& frame = frames_.back();
    List moving{std::move(frame.right[frame.right_done++])};
    std::size_t passed = pass_all(frame.left, moving[0]);
    auto paid = steps_.take(passed);
    if (!paid) return paid;
    if (passed == frame.left.size()) return append_all(frame.new_right, std::move(moving));
    const auto rest_begin = [&] {
      return frame.left.begin() + static_cast<std::ptrdiff_t>(passed);
    };
    frame.new_left.reserve(frame.left.size() + 1);
    frame.new_left.assign(std::make_move_iterator(frame.left.begin()),
                          std::make_move_iterator(rest_begin()));
    for (; passed < frame.left.size() && moving.size() == 1; ++passed) {
      auto done = transform_pair(frame.left[passed], moving, frame.new_left);
      if (!done) return done;
    }
    List rest(std::make_move_iterator(rest_begin()), std::make_move_iterator(frame.left.end()));
    paid = steps_.take(rest.size());
    if (!paid) return paid;
    if (moving.size() > 1) {
      frame.left.clear();
      frames_.push_back(Frame{std::move(rest), std::move(moving)});  // `frame` dangles from here
      return {};
    }
    auto appended = append_all(frame.new_left, std::move(rest));
    if (!appended) return appended;
    frame.left = std::exchange(frame.new_left, {});
    return append_all(frame.new_right, std::move(moving));
  }

  // How many of `left`, from the first, `right` passes.
  static std::size_t pass_all(List& left, Component& right) {
    std::size_t passed = 0;
    while (passed < left.size() && passes(left[passed], right)) ++passed;
    return passed;
  }
  static bool passes(Component& left, Component& right) {
    if constexpr (requires { Rules::pass(left, right); }) {
      return Rules::pass(left, right);
    } else {
      return false;
    }
  }

  // Puts what becomes of `left` behind new_left, and into `right` what becomes of the one in it.
  Result<void> transform_pair(Component& left, List& right, List& new_left) {
    auto paid = steps_.take(1);
    if (!paid) return paid;
    if (passes(left, right[0])) {
      new_left.push_back(std::move(left));
      return {};
    }
    List next;
    auto done = Rules::transform_component(new_left, left, right[0], Side::left, steps_);
    if (done) done = Rules::transform_component(next, right[0], left, Side::right, steps_);
    right = std::move(next);
    return done;
  }

  Steps& steps_;
  std::vector<Frame> frames_;
};

}  // namespace segue::ot
