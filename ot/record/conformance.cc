#include "ot/record/conformance.h"

#include <array>

namespace segue::ot::conformance {
namespace {

using record::Op;

Answer op_answer(const Result<Op>& op) {
  if (!op) return fail(op.error());
  return Value(record::to_json(*op));
}

Result<Op> parsed(const RecordType& type, const Json& request, std::string_view name) {
  const auto in = field(request, name);
  if (!in) return fail(in.error());
  return type.parse(**in);
}

struct Pair {
  Op op;
  Op other;
};
Result<Pair> parsed_pair(const RecordType& type, const Json& request, std::string_view name,
                         std::string_view other_name) {
  auto op = parsed(type, request, name);
  if (!op) return fail(std::move(op.error()));
  auto other = parsed(type, request, other_name);
  if (!other) return fail(std::move(other.error()));
  return Pair{std::move(*op), std::move(*other)};
}

Answer create(const RecordType& type, const Json& request) {
  auto doc = type.create(request.find("data"));
  if (!doc) return fail(std::move(doc.error()));
  return Value(std::move(*doc));
}

Answer apply(const RecordType& type, const Json& request) {
  const auto op = parsed(type, request, "op");
  if (!op) return fail(op.error());
  const auto given = field(request, "doc");
  if (!given) return fail(given.error());
  Json doc = **given;
  const auto applied = record::apply(doc, *op);
  if (!applied) return fail(applied.error());
  return Value(std::move(doc));
}

Answer transform(const RecordType& type, const Json& request) {
  const auto side = side_of(request);
  if (!side) return fail(side.error());
  const auto ops = parsed_pair(type, request, "op", "other");
  if (!ops) return fail(ops.error());
  return op_answer(record::transform(ops->op, ops->other, *side));
}

Answer transform_x(const RecordType& type, const Json& request) {
  const auto ops = parsed_pair(type, request, "left", "right");
  if (!ops) return fail(ops.error());
  const auto left = record::transform(ops->op, ops->other, Side::left);
  if (!left) return fail(left.error());
  const auto right = record::transform(ops->other, ops->op, Side::right);
  if (!right) return fail(right.error());
  return Value(Json::array({record::to_json(*left), record::to_json(*right)}));
}

Answer compose(const RecordType& type, const Json& request) {
  const auto ops = parsed_pair(type, request, "op", "other");
  if (!ops) return fail(ops.error());
  return op_answer(record::compose(ops->op, ops->other));
}

Answer normalize(const RecordType& type, const Json& request) {
  const auto op = parsed(type, request, "op");
  if (!op) return fail(op.error());
  return Value(record::to_json(record::normalize(*op)));
}

Answer check_op(const RecordType& type, const Json& request) {
  const auto op = parsed(type, request, "op");
  if (!op) return fail(op.error());
  return Value(Json());
}

Answer invert(const RecordType& type, const Json& request) {
  const auto op = parsed(type, request, "op");
  if (!op) return fail(op.error());
  return op_answer(record::invert(*op));
}

Result<Op> made_invertible(const RecordType& type, const Json& request) {
  const auto op = parsed(type, request, "op");
  if (!op) return fail(op.error());
  const auto doc = field(request, "doc");
  if (!doc) return fail(doc.error());
  return record::make_invertible(*op, **doc);
}

Answer make_invertible(const RecordType& type, const Json& request) {
  return op_answer(made_invertible(type, request));
}

Answer invert_with_doc(const RecordType& type, const Json& request) {
  const auto op = made_invertible(type, request);
  if (!op) return fail(op.error());
  return op_answer(record::invert(*op));
}

Answer transform_presence(const RecordType& type, const Json& request) {
  const auto op = parsed(type, request, "op");
  if (!op) return fail(op.error());
  const auto range = field(request, "range");
  if (!range) return fail(range.error());
  const Json* own = request.find("own");
  auto place = type.transform_presence(**range, *op, own != nullptr && *own == Json(true));
  if (!place) return fail(std::move(place.error()));
  return Value(std::move(*place));
}

Answer diff(const RecordType& type, const Json& request) {
  const auto doc = field(request, "doc");
  if (!doc) return fail(doc.error());
  const auto target = field(request, "target");
  if (!target) return fail(target.error());
  return op_answer(type.diff(**doc, **target));
}

Answer explain(const RecordType& type, const Json& request) {
  const auto side = side_of(request);
  if (!side) return fail(side.error());
  const auto ops = parsed_pair(type, request, "op", "other");
  if (!ops) return fail(ops.error());
  const auto findings = record::explain(ops->op, ops->other, *side, request.find("doc"));
  if (!findings) return fail(findings.error());
  return Value(record::to_json(*findings, ops->other));
}

struct Verb {
  std::string_view name;
  Answer (*answer)(const RecordType& type, const Json& request);
};

constexpr std::array verbs = {Verb{"create", create},
                              Verb{"apply", apply},
                              Verb{"transform", transform},
                              Verb{"transformX", transform_x},
                              Verb{"compose", compose},
                              Verb{"normalize", normalize},
                              Verb{"checkOp", check_op},
                              Verb{"invert", invert},
                              Verb{"makeInvertible", make_invertible},
                              Verb{"invertWithDoc", invert_with_doc},
                              Verb{"transformPresence", transform_presence},
                              Verb{"diff", diff},
                              Verb{"explain", explain}};

}  // namespace

Answer answer(const RecordType& type, std::string_view verb, const Json& request) {
  for (const Verb& known : verbs) {
    if (known.name == verb) return known.answer(type, request);
  }
  return fail(Errc::unsupported, "no such verb: " + std::string(verb));
}

}  // namespace segue::ot::conformance
