#include "ot/conformance.h"

#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "ot/conformance_parts.h"
#include "ot/json_text.h"
#include "ot/record/conformance.h"
#include "ot/types/json0.h"
#include "ot/types/parse.h"
#include "ot/types/rich_text.h"
#include "ot/types/text0.h"
#include "ot/types/text_unicode.h"

namespace segue::ot {
namespace {

// Deeper than any document may be, so that a line is refused for what is in it.
constexpr std::size_t line_depth_max = 512;

using conformance::Answer;
using conformance::bad_request;
using conformance::field;
using conformance::side_of;
using conformance::Value;

template <class T>
Result<typename T::Op> parsed(const Json& request, std::string_view name) {
  const auto in = field(request, name);
  if (!in) return fail(in.error());
  return T::parse(**in);
}

// As it is: what the reference makes of an op in another form can be asked for.
template <>
Result<TextUnicode::Op> parsed<TextUnicode>(const Json& request, std::string_view name) {
  const auto in = field(request, name);
  if (!in) return fail(in.error());
  const auto checked = TextUnicode::check(**in);
  if (!checked) return fail(checked.error());
  return TextUnicode::read(**in);
}

Result<std::size_t> position_of(const Json& in) {
  const auto position = safe_length(in);
  if (!position) return fail(Errc::op_badly_formed, "a position must be a whole number from 0");
  return *position;
}

template <class T>
Result<Json> document(const Json& request, std::string_view name) {
  const auto in = field(request, name);
  if (!in) return fail(in.error());
  return T::create(*in);
}

template <class T>
Answer op_answer(const Result<typename T::Op>& op) {
  if (!op) return fail(op.error());
  return Value(T::to_json(*op));
}

template <class T>
Answer create(const Json& request) {
  auto doc = T::create(request.find("data"));
  if (!doc) return fail(std::move(doc.error()));
  return Value(std::move(*doc));
}

template <class T>
Answer apply(const Json& request) {
  const auto op = parsed<T>(request, "op");
  if (!op) return fail(op.error());
  const Json* given = request.find("doc");
  Json doc = given ? *given : Json();
  const auto applied = T::apply(doc, *op);
  if (!applied) return fail(applied.error());
  if constexpr (std::is_same_v<T, Json0>) {
    if (Json0::leaves_undefined(*op, given == nullptr)) return Value();
  }
  return Value(std::move(doc));
}

template <class T>
Answer transform(const Json& request) {
  const auto side = side_of(request);
  if (!side) return fail(side.error());
  const auto op = parsed<T>(request, "op");
  if (!op) return fail(op.error());
  const auto other = parsed<T>(request, "other");
  if (!other) return fail(other.error());
  return op_answer<T>(T::transform(*op, *other, *side));
}

template <class T>
Answer transform_x(const Json& request) {
  const auto left = parsed<T>(request, "left");
  if (!left) return fail(left.error());
  const auto right = parsed<T>(request, "right");
  if (!right) return fail(right.error());
  if constexpr (requires { T::transform_both(*left, *right); }) {
    const auto both = T::transform_both(*left, *right);
    if (!both) return fail(both.error());
    return Value(Json::array({T::to_json(both->first), T::to_json(both->second)}));
  } else {
    const auto new_left = T::transform(*left, *right, Side::left);
    if (!new_left) return fail(new_left.error());
    const auto new_right = T::transform(*right, *left, Side::right);
    if (!new_right) return fail(new_right.error());
    return Value(Json::array({T::to_json(*new_left), T::to_json(*new_right)}));
  }
}

template <class T>
Answer compose(const Json& request) {
  const auto op = parsed<T>(request, "op");
  if (!op) return fail(op.error());
  const auto other = parsed<T>(request, "other");
  if (!other) return fail(other.error());
  return op_answer<T>(T::compose(*op, *other));
}

template <class T>
Answer invert(const Json& request) {
  const auto op = parsed<T>(request, "op");
  if (!op) return fail(op.error());
  return op_answer<T>(T::invert(*op));
}

// json0 and text0: from JSON, since it also mends what parse() would refuse.
template <class T>
Answer normalize(const Json& request) {
  const auto op = field(request, "op");
  if (!op) return fail(op.error());
  return op_answer<T>(T::normalize(**op));
}

Answer json0_check(const Json& request) {
  const auto op = parsed<Json0>(request, "op");
  if (!op) return fail(op.error());
  return Value(Json());
}

Answer json0_diff(const Json& request) {
  const auto doc = field(request, "doc");
  if (!doc) return fail(doc.error());
  const auto target = field(request, "target");
  if (!target) return fail(target.error());
  return Value(Json0::to_json(Json0::diff(**doc, **target)));
}

Answer json0_can_affect(const Json& request) {
  const auto component = field(request, "component");
  if (!component) return fail(component.error());
  const auto path = field(request, "path");
  if (!path) return fail(path.error());
  const auto op = Json0::parse(Json::array({**component}));
  if (!op) return fail(op.error());
  const auto parsed_path = Json0::parse_path(**path);
  if (!parsed_path) return fail(parsed_path.error());
  return Value(Json(Json0::can_affect(op->front(), *parsed_path)));
}

Answer text0_cursor(const Json& request) {
  const auto side = side_of(request);
  if (!side) return fail(side.error());
  const auto op = parsed<Text0>(request, "op");
  if (!op) return fail(op.error());
  const auto in = field(request, "pos");
  if (!in) return fail(in.error());
  const auto position = position_of(**in);
  if (!position) return fail(position.error());
  return Value(Json(Text0::transform_cursor(*position, *op, *side)));
}

Result<TextUnicode::Op> loose_op(const Json& request) {
  const auto op = field(request, "op");
  if (!op) return fail(op.error());
  return TextUnicode::read(**op);
}

Answer unicode_check(const Json& request) {
  const auto op = field(request, "op");
  if (!op) return fail(op.error());
  const auto checked = TextUnicode::check(**op);
  if (!checked) return fail(checked.error());
  return Value(Json());
}

// The verbs that only rewrite an op.
template <TextUnicode::Op (*rewrite)(const TextUnicode::Op&)>
Answer unicode_rewrite(const Json& request) {
  const auto op = loose_op(request);
  if (!op) return fail(op.error());
  return Value(TextUnicode::to_json(rewrite(*op)));
}

Answer unicode_trim(const Json& request) {
  const auto op = loose_op(request);
  if (!op) return fail(op.error());
  return Value(TextUnicode::to_json(TextUnicode::trim(*op)));
}

Answer unicode_invert(const Json& request) {
  const auto op = loose_op(request);
  if (!op) return fail(op.error());
  return op_answer<TextUnicode>(TextUnicode::invert(*op));
}

Result<TextUnicode::Op> made_invertible(const Json& request) {
  const auto op = loose_op(request);
  if (!op) return fail(op.error());
  const auto doc = field(request, "doc");
  if (!doc) return fail(doc.error());
  if (!(*doc)->is_string()) return fail(Errc::op_not_applied, "the document must be a string");
  return TextUnicode::make_invertible(*op, **doc);
}

Answer unicode_make_invertible(const Json& request) {
  return op_answer<TextUnicode>(made_invertible(request));
}

Answer unicode_invert_with_doc(const Json& request) {
  const auto op = made_invertible(request);
  if (!op) return fail(op.error());
  return op_answer<TextUnicode>(TextUnicode::invert(*op));
}

Answer unicode_is_invertible(const Json& request) {
  const auto op = loose_op(request);
  if (!op) return fail(op.error());
  return Value(Json(TextUnicode::is_invertible(*op)));
}

Answer unicode_is_noop(const Json& request) {
  const auto op = loose_op(request);
  if (!op) return fail(op.error());
  return Value(Json(op->empty()));
}

Answer unicode_position(const Json& request) {
  const auto op = loose_op(request);
  if (!op) return fail(op.error());
  const auto in = field(request, "pos");
  if (!in) return fail(in.error());
  const auto position = position_of(**in);
  if (!position) return fail(position.error());
  return Value(Json(TextUnicode::transform_position(*position, *op)));
}

Answer unicode_selection(const Json& request) {
  const auto op = loose_op(request);
  if (!op) return fail(op.error());
  const auto selection = field(request, "sel");
  if (!selection) return fail(selection.error());
  const bool is_list = (*selection)->is_array();
  const Json ends = is_list ? **selection : Json::array({**selection});
  std::vector<Json> moved;
  for (std::size_t i = 0; i < ends.size(); ++i) {
    const auto position = position_of(ends[i]);
    if (!position) return fail(position.error());
    moved.emplace_back(TextUnicode::transform_position(*position, *op));
  }
  return is_list ? Value(Json::array(std::move(moved))) : Value(moved[0]);
}

Answer unicode_diff(const Json& request) {
  const auto doc = document<TextUnicode>(request, "doc");
  if (!doc) return fail(doc.error());
  const auto target = document<TextUnicode>(request, "target");
  if (!target) return fail(target.error());
  return Value(TextUnicode::to_json(TextUnicode::diff(doc->text(), target->text())));
}

Answer rich_apply(const Json& request) {
  const auto op = parsed<RichText>(request, "op");
  if (!op) return fail(op.error());
  auto doc = document<RichText>(request, "doc");
  if (!doc) return fail(std::move(doc.error()));
  const auto applied = RichText::apply(*doc, *op);
  if (!applied) return fail(applied.error());
  return Value(std::move(*doc));
}

Answer rich_normalize(const Json& request) {
  return op_answer<RichText>(parsed<RichText>(request, "op"));
}

Answer rich_invert_with_doc(const Json& request) {
  const auto op = parsed<RichText>(request, "op");
  if (!op) return fail(op.error());
  const auto doc = document<RichText>(request, "doc");
  if (!doc) return fail(doc.error());
  return op_answer<RichText>(RichText::invert_with_doc(*op, *doc));
}

Answer rich_diff(const Json& request) {
  const auto doc = document<RichText>(request, "doc");
  if (!doc) return fail(doc.error());
  const auto target = document<RichText>(request, "target");
  if (!target) return fail(target.error());
  return op_answer<RichText>(RichText::diff(*doc, *target));
}

Result<RichText::Author> author_of(const Json& request) {
  const Json* own = request.find("own");
  if (own != nullptr && !own->is_bool()) return fail(Errc::op_badly_formed, "own is true or false");
  const bool is_own = own != nullptr && own->boolean();
  return is_own ? RichText::Author::self : RichText::Author::other;
}

Answer rich_cursor(const Json& request) {
  const auto op = parsed<RichText>(request, "op");
  if (!op) return fail(op.error());
  const auto in = field(request, "pos");
  if (!in) return fail(in.error());
  const auto position = position_of(**in);
  if (!position) return fail(position.error());
  const auto author = author_of(request);
  if (!author) return fail(author.error());
  return Value(Json(RichText::transform_cursor(*position, *op, *author)));
}

Answer rich_presence(const Json& request) {
  const auto op = parsed<RichText>(request, "op");
  if (!op) return fail(op.error());
  const auto author = author_of(request);
  if (!author) return fail(author.error());
  const Json* range = request.find("range");
  auto moved = RichText::transform_presence(range ? *range : Json(), *op, *author);
  if (!moved) return fail(std::move(moved.error()));
  return Value(std::move(*moved));
}

struct Verb {
  std::string_view name;
  Answer (*answer)(const Json& request);
};

constexpr std::array json0_verbs = {Verb{"create", create<Json0>},
                                    Verb{"apply", apply<Json0>},
                                    Verb{"transform", transform<Json0>},
                                    Verb{"transformX", transform_x<Json0>},
                                    Verb{"compose", compose<Json0>},
                                    Verb{"invert", invert<Json0>},
                                    Verb{"normalize", normalize<Json0>},
                                    Verb{"checkOp", json0_check},
                                    Verb{"canOpAffectPath", json0_can_affect},
                                    Verb{"diff", json0_diff}};

constexpr std::array text0_verbs = {
    Verb{"create", create<Text0>},       Verb{"apply", apply<Text0>},
    Verb{"transform", transform<Text0>}, Verb{"transformX", transform_x<Text0>},
    Verb{"compose", compose<Text0>},     Verb{"invert", invert<Text0>},
    Verb{"normalize", normalize<Text0>}, Verb{"transformCursor", text0_cursor}};

constexpr std::array unicode_verbs = {
    Verb{"create", create<TextUnicode>},
    Verb{"apply", apply<TextUnicode>},
    Verb{"transform", transform<TextUnicode>},
    Verb{"transformX", transform_x<TextUnicode>},
    Verb{"compose", compose<TextUnicode>},
    Verb{"invert", unicode_invert},
    Verb{"normalize", unicode_rewrite<TextUnicode::normalize>},
    Verb{"checkOp", unicode_check},
    Verb{"invertWithDoc", unicode_invert_with_doc},
    Verb{"makeInvertible", unicode_make_invertible},
    Verb{"stripInvertible", unicode_rewrite<TextUnicode::strip_invertible>},
    Verb{"isInvertible", unicode_is_invertible},
    Verb{"trim", unicode_trim},
    Verb{"isNoop", unicode_is_noop},
    Verb{"transformPosition", unicode_position},
    Verb{"transformSelection", unicode_selection},
    Verb{"diff", unicode_diff}};

constexpr std::array rich_verbs = {Verb{"create", create<RichText>},
                                   Verb{"apply", rich_apply},
                                   Verb{"transform", transform<RichText>},
                                   Verb{"transformX", transform_x<RichText>},
                                   Verb{"compose", compose<RichText>},
                                   Verb{"normalize", rich_normalize},
                                   Verb{"invertWithDoc", rich_invert_with_doc},
                                   Verb{"transformCursor", rich_cursor},
                                   Verb{"transformPresence", rich_presence},
                                   Verb{"diff", rich_diff}};

template <class Verbs>
Answer answer_among(const Verbs& verbs, std::string_view verb, const Json& request) {
  for (const Verb& known : verbs) {
    if (known.name == verb) return known.answer(request);
  }
  return fail(Errc::unsupported, "no such verb: " + std::string(verb));
}

Answer answer(const Json& request, const TypeRegistry& types) {
  if (!request.is_object()) return bad_request("a request is an object");
  const Json* type = request.find("type");
  const Json* verb = request.find("verb");
  if (type == nullptr || !type->is_string() || verb == nullptr || !verb->is_string()) {
    return bad_request("type and verb must be strings");
  }
  const auto means = [name = type->str()](std::string_view known, std::string_view uri) {
    return name == known || name == uri;
  };
  if (means(Json0::name, Json0::uri)) return answer_among(json0_verbs, verb->str(), request);
  if (means(Text0::name, Text0::uri)) return answer_among(text0_verbs, verb->str(), request);
  if (means(RichText::name, RichText::uri)) return answer_among(rich_verbs, verb->str(), request);
  if (means(TextUnicode::name, TextUnicode::uri)) {
    return answer_among(unicode_verbs, verb->str(), request);
  }
  if (const RecordType* record = types.find_record(type->str())) {
    return conformance::answer(*record, verb->str(), request);
  }
  return fail(Errc::unsupported, "no such type: " + type->str());
}

std::string_view class_of(Errc code) {
  if (code == Errc::unsupported) return "unsupported";
  return code == Errc::message_badly_formed ? "bad-request" : "reject";
}

Json reply_to(const Json* id, const Answer& answer) {
  Json reply = Json::object();
  if (id != nullptr) reply.set("id", *id);
  if (!answer) {
    reply.set("err", class_of(answer.error().code));
    reply.set("msg", answer.error().detail);
  } else if (*answer) {
    reply.set("ok", **answer);
  } else {
    reply.set("undef", true);
  }
  return reply;
}

}  // namespace

Json conformance_reply(const Json& request, const TypeRegistry& types) {
  return reply_to(request.find("id"), answer(request, types));
}

std::string conformance_reply_line(std::string_view line, const TypeRegistry& types) {
  JsonLimits limits;
  limits.depth_max = line_depth_max;
  const auto request = parse_json(line, limits);
  if (!request) return json_text(reply_to(nullptr, bad_request(request.error().detail)));
  return json_text(conformance_reply(*request, types));
}

}  // namespace segue::ot
