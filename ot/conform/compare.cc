#include "ot/conform/compare.h"

#include <utility>

#include "ot/conformance.h"

namespace segue::conform {
namespace {

using ot::Json;

bool is(const Json* value, std::string_view text) {
  return value != nullptr && *value == Json(text);
}

bool same(const Json* a, const Json* b) { return a == nullptr || b == nullptr ? a == b : *a == *b; }

// Findings without their sentences, which are for people.
Json without_sentences(const Json& findings) {
  if (!findings.is_array()) return findings;
  Json bare = Json::array();
  findings.for_each_element([&](const Json& finding) {
    Json copy = finding;
    if (copy.is_object()) copy.remove("text");
    bare.push_back(std::move(copy));
  });
  return bare;
}

// Any op that leads to the target is a right diff. Where Segue's leads is compared, since a target
// may leave out what the type puts in.
bool leads_to_target(const Json& request, const Json& op, const Json& right_op,
                     const ot::TypeRegistry& types) {
  Json apply = request;
  apply.set("verb", "apply");
  apply.set("op", op);
  const Json reached = ot::conformance_reply(apply, types);
  apply.set("op", right_op);
  return same(reached.find("ok"), ot::conformance_reply(apply, types).find("ok"));
}

bool same_result(const Json& request, const Json& expected, const Json& reply,
                 const ot::TypeRegistry& types) {
  const Json* result = reply.find("ok");
  const Json* wanted = expected.find("ok");
  if (result != nullptr && wanted != nullptr && is(request.find("verb"), "diff")) {
    return leads_to_target(request, *result, *wanted, types);
  }
  if (result != nullptr && wanted != nullptr && is(request.find("verb"), "explain")) {
    return without_sentences(*result) == without_sentences(*wanted);
  }
  return same(result, wanted) && same(reply.find("undef"), expected.find("undef"));
}

// The ops that clash belong to the answer.
bool same_conflict(const Json& expected, const Json& reply) {
  const bool is_conflict = is(expected.find("err"), "conflict");
  if (is_conflict != is(reply.find("err"), "conflict")) return false;
  return !is_conflict || same(expected.find("conflict"), reply.find("conflict"));
}

}  // namespace

std::string_view text_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::equal:
      return "agrees";
    case Verdict::different:
      return "has another result";
    case Verdict::refused:
      return "answers an error where there is a result";
    case Verdict::accepted:
      return "has a result where there is none";
    case Verdict::unsupported:
      return "does not know the verb";
    case Verdict::none:
      return "gives no answer";
  }
  return "";
}

Verdict compare(const Json& request, const Json& expected, const Json& reply,
                const ot::TypeRegistry& types) {
  if (is(reply.find("err"), "unsupported")) return Verdict::unsupported;
  const bool failed = reply.find("err") != nullptr;
  if (!failed && !reply.find("ok") && !reply.find("undef")) return Verdict::none;
  if (expected.find("err") != nullptr) {
    if (!failed) return Verdict::accepted;
    return same_conflict(expected, reply) ? Verdict::equal : Verdict::different;
  }
  if (failed) return Verdict::refused;
  return same_result(request, expected, reply, types) ? Verdict::equal : Verdict::different;
}

}  // namespace segue::conform
