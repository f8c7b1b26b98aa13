#include "ot/types/json1_transform.h"

#include <string>
#include <utility>

#include "ot/types/component_lists.h"
#include "ot/types/json1.h"

namespace segue::ot {
namespace {

using json1::Filling;
using json1::Meeting;
using json1::Node;
using json1::Op;
using json1::Tree;
using Conflict = Json1::Conflict;

// What resolving one conflict costs for each component, measured in pairs that other types
// transform.
constexpr std::size_t steps_per_component = 10;

std::string_view name_of(Conflict::Kind kind) {
  switch (kind) {
    case Conflict::Kind::removed_content:
      return "one op changes what the other removes";
    case Conflict::Kind::drop_collision:
      return "both ops put something to one place";
    case Conflict::Kind::black_hole:
      return "each op moves something into what the other moves";
  }
  return "";
}

// Runs the passes, up to the one that finds a conflict.
void run(Meeting& meeting, Filling filling) {
  json1::scan_takes(meeting);
  json1::scan_puts(meeting);
  if (meeting.conflict) return;
  json1::write_takes(meeting);
  json1::write_puts(meeting);
  if (meeting.conflict || meeting.failure) return;
  json1::merge_takes(meeting);
  json1::place_puts(meeting, filling);
}

Result<Json1::Attempt> attempt(const Op& op, const Op& other, Side side, Filling filling) {
  if (op.is_noop() || other.is_noop()) return Json1::Attempt(op);
  Meeting meeting(op, other, side);
  run(meeting, filling);
  if (meeting.failure) return fail(std::move(*meeting.failure));
  if (meeting.conflict) return Json1::Attempt(std::move(*meeting.conflict));
  auto result = meeting.scribe.finish(std::move(meeting.out));
  if (!result) return fail(std::move(result.error()));
  return Json1::Attempt(std::move(*result));
}

// A black hole of nothing is none: the reference has not looked far enough for a place, and would
// look for ever for how to resolve it.
bool is_hollow(const Conflict& conflict) {
  return conflict.op.is_noop() && conflict.other.is_noop();
}

// An op that removes, after `op`, all that it puts or edits.
Op removal_of(const Op& op) {
  if (op.is_noop()) return {};
  const auto mark = [](const auto& self, const Node& node, Node& out) -> void {
    if (node.component.puts() || node.component.edit) out.component.remove = Json(true);
    for (const auto& child : node.children) self(self, *child, out.child(child->key));
  };
  auto root = Tree::make();
  mark(mark, *op.root(), *root);
  return *Op::seal(std::move(root));
}

bool removes(const Node& node) {
  if (node.component.remove) return true;
  for (const auto& child : node.children) {
    if (removes(*child)) return true;
  }
  return false;
}

// What each op must do as well, so that the conflict is none.
struct Remedy {
  Op op;
  Op other;
};

Remedy remedy_for(const Conflict& conflict, Side side) {
  switch (conflict.kind) {
    case Conflict::Kind::drop_collision:
      if (side == Side::left) return {{}, removal_of(conflict.other)};
      return {removal_of(conflict.op), {}};
    case Conflict::Kind::removed_content:
      if (removes(*conflict.op.root())) return {{}, removal_of(conflict.other)};
      return {removal_of(conflict.op), {}};
    case Conflict::Kind::black_hole:
      return {removal_of(conflict.op), removal_of(conflict.other)};
  }
  return {};
}

// Composes `more` onto `op`.
Result<void> extend(Op& op, const Op& more) {
  auto extended = Json1::compose(op, more);
  if (!extended) return fail(std::move(extended.error()));
  op = std::move(*extended);
  return {};
}

Result<void> resolve(const Conflict& conflict, Side side, Op& op, Op& other, Op& removals) {
  const Remedy remedy = remedy_for(conflict, side);
  op = Json1::normalize(op);
  auto done = extend(op, remedy.op);
  if (!done) return done;
  other = Json1::normalize(other);
  done = extend(other, remedy.other);
  if (!done) return done;
  return extend(removals, remedy.other);
}

}  // namespace

Result<Json1::Attempt> Json1::try_transform(const Op& op, const Op& other, Side side) {
  return attempt(op, other, side, Filling::outer);
}

Result<Op> Json1::transform(const Op& op, const Op& other, Side side) {
  auto attempt = try_transform(op, other, side);
  if (!attempt) return fail(std::move(attempt.error()));
  if (auto* result = std::get_if<Op>(&*attempt)) return std::move(*result);
  return fail(Errc::op_not_applied, std::string(name_of(std::get<Conflict>(*attempt).kind)));
}

Result<Json1::Attempt> Json1::transform_resolving(const Op& op, const Op& other, Side side,
                                                  FunctionRef<bool(const Conflict&)> may_resolve) {
  Steps steps;
  Op ours = op;
  Op theirs = other;
  Op removals;  // what `other` would have removed as well, had it known
  Filling filling = Filling::outer;
  while (true) {
    auto next = attempt(ours, theirs, side, filling);
    if (!next) return next;
    if (const auto* result = std::get_if<Op>(&*next)) {
      auto whole = compose(removals, *result);
      if (!whole) return fail(std::move(whole.error()));
      return Attempt(std::move(*whole));
    }
    const auto& conflict = std::get<Conflict>(*next);
    if (!may_resolve(conflict)) return next;
    if (is_hollow(conflict)) filling = Filling::all;
    auto done = steps.take(steps_per_component * (ours.components() + theirs.components()));
    if (done) done = resolve(conflict, side, ours, theirs, removals);
    if (!done) return fail(std::move(done.error()));
  }
}

Result<Op> Json1::transform_no_conflict(const Op& op, const Op& other, Side side) {
  auto attempt = transform_resolving(op, other, side, [](const Conflict&) { return true; });
  if (!attempt) return fail(std::move(attempt.error()));
  return std::move(std::get<Op>(*attempt));
}

}  // namespace segue::ot
