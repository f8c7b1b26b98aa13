#include "ot/conformance_json1.h"

#include <algorithm>
#include <array>
#include <utility>
#include <variant>

#include "ot/types/json1.h"

namespace segue::ot::conformance {
namespace {

using Op = Json1::Op;

Result<Op> op_in(const Json& request, std::string_view name) {
  const auto in = field(request, name);
  if (!in) return fail(in.error());
  return Json1::read(**in);
}

Answer op_answer(const Result<Op>& op) {
  if (!op) return fail(op.error());
  return Value(Json1::to_json(*op));
}

std::optional<Json> document_in(const Json& request) {
  const Json* doc = request.find("doc");
  return doc ? std::optional(*doc) : std::nullopt;
}

Json description_of(const Json1::Conflict& conflict) {
  return Json::object({{"type", static_cast<int>(conflict.kind)},
                       {"op1", Json1::to_json(conflict.op)},
                       {"op2", Json1::to_json(conflict.other)}});
}

Answer attempt_answer(const Result<Json1::Attempt>& attempt) {
  if (!attempt) return fail(attempt.error());
  if (const auto* op = std::get_if<Op>(&*attempt)) return Value(Json1::to_json(*op));
  return Value::of_conflict(description_of(std::get<Json1::Conflict>(*attempt)));
}

Answer create(const Json& request) {
  const Json* data = request.find("data");
  return data ? Value(*data) : Value();
}

Answer apply(const Json& request) {
  const auto op = op_in(request, "op");
  if (!op) return fail(op.error());
  auto doc = document_in(request);
  const auto applied = Json1::apply(doc, *op);
  if (!applied) return fail(applied.error());
  return doc ? Value(std::move(*doc)) : Value();
}

Answer compose(const Json& request) {
  const auto op = op_in(request, "op");
  if (!op) return fail(op.error());
  const auto other = op_in(request, "other");
  if (!other) return fail(other.error());
  return op_answer(Json1::compose(*op, *other));
}

Answer diff(const Json& request) {
  const auto doc = field(request, "doc");
  if (!doc) return fail(doc.error());
  const auto target = field(request, "target");
  if (!target) return fail(target.error());
  return Value(Json1::to_json(Json1::diff(**doc, **target)));
}

Answer normalize(const Json& request) {
  const auto op = op_in(request, "op");
  if (!op) return fail(op.error());
  return Value(Json1::to_json(Json1::normalize(*op)));
}

Answer check(const Json& request) {
  const auto op = field(request, "op");
  if (!op) return fail(op.error());
  const auto checked = Json1::check(**op);
  if (!checked) return fail(checked.error());
  return Value(Json());
}

Answer is_noop(const Json& request) {
  const auto op = field(request, "op");
  if (!op) return fail(op.error());
  return Value(Json((*op)->is_null()));
}

Answer invert(const Json& request) {
  const auto op = op_in(request, "op");
  if (!op) return fail(op.error());
  return op_answer(Json1::invert(*op));
}

Answer make_invertible(const Json& request) {
  const auto op = op_in(request, "op");
  if (!op) return fail(op.error());
  return op_answer(Json1::make_invertible(*op, document_in(request)));
}

Answer invert_with_doc(const Json& request) {
  const auto op = op_in(request, "op");
  if (!op) return fail(op.error());
  const auto complete = Json1::make_invertible(*op, document_in(request));
  if (!complete) return fail(complete.error());
  return op_answer(Json1::invert(*complete));
}

Answer transform_position(const Json& request) {
  const auto op = op_in(request, "op");
  if (!op) return fail(op.error());
  const auto in = field(request, "path");
  if (!in) return fail(in.error());
  auto path = Json1::parse_path(**in);
  if (!path) return fail(std::move(path.error()));
  const auto moved = Json1::transform_position(std::move(*path), *op);
  if (!moved) return fail(moved.error());
  return Value(*moved ? Json1::to_json(**moved) : Json());
}

// Resolves the conflicts that `may_resolve` says yes to.
Answer transform_resolving(const Json& request,
                           FunctionRef<bool(const Json1::Conflict&)> may_resolve) {
  const auto side = side_of(request);
  if (!side) return fail(side.error());
  const auto op = op_in(request, "op");
  if (!op) return fail(op.error());
  const auto other = op_in(request, "other");
  if (!other) return fail(other.error());
  return attempt_answer(Json1::transform_resolving(*op, *other, *side, may_resolve));
}

Answer transform(const Json& request) {
  return transform_resolving(request, [](const Json1::Conflict&) { return false; });
}

Answer transform_no_conflict(const Json& request) {
  return transform_resolving(request, [](const Json1::Conflict&) { return true; });
}

Answer transform_allowing(const Json& request) {
  const auto allow = field(request, "allow");
  if (!allow) return fail(allow.error());
  if (!(*allow)->is_array()) return fail(Errc::op_badly_formed, "allow is a list of numbers");
  return transform_resolving(request, [&](const Json1::Conflict& conflict) {
    bool is_allowed = false;
    (*allow)->for_each_element(
        [&](const Json& kind) { is_allowed |= kind == Json(static_cast<int>(conflict.kind)); });
    return is_allowed;
  });
}

Answer try_transform(const Json& request) {
  auto answer = transform(request);
  if (!answer) return answer;
  if (answer->conflict) {
    return Value(Json::object({{"ok", false}, {"conflict", std::move(*answer->conflict)}}));
  }
  return Value(Json::object({{"ok", true}, {"result", std::move(*answer->result)}}));
}

Answer transform_both(const Json& request) {
  const auto left = op_in(request, "left");
  if (!left) return fail(left.error());
  const auto right = op_in(request, "right");
  if (!right) return fail(right.error());
  const auto new_left = Json1::transform_no_conflict(*left, *right, Side::left);
  if (!new_left) return fail(new_left.error());
  const auto new_right = Json1::transform_no_conflict(*right, *left, Side::right);
  if (!new_right) return fail(new_right.error());
  return Value(Json::array({Json1::to_json(*new_left), Json1::to_json(*new_right)}));
}

struct Verb {
  std::string_view name;
  Answer (*answer)(const Json& request);
};

constexpr std::array verbs = {Verb{"create", create},
                              Verb{"apply", apply},
                              Verb{"transform", transform},
                              Verb{"transformX", transform_both},
                              Verb{"compose", compose},
                              Verb{"diff", diff},
                              Verb{"normalize", normalize},
                              Verb{"checkOp", check},
                              Verb{"isNoop", is_noop},
                              Verb{"invert", invert},
                              Verb{"invertWithDoc", invert_with_doc},
                              Verb{"makeInvertible", make_invertible},
                              Verb{"transformNoConflict", transform_no_conflict},
                              Verb{"transformAllowing", transform_allowing},
                              Verb{"tryTransform", try_transform},
                              Verb{"transformPosition", transform_position}};

}  // namespace

Answer answer_json1(std::string_view verb, const Json& request) {
  for (const Verb& known : verbs) {
    if (known.name == verb) return known.answer(request);
  }
  return fail(Errc::unsupported, "no such verb: " + std::string(verb));
}

}  // namespace segue::ot::conformance
