// The laws of tests/ot/laws.h, on random situations and on all of a few tiny documents.
#include "tests/ot/laws.h"

#include <optional>
#include <string>
#include <tuple>
#include <utility>

#include <doctest/doctest.h>

#include "ot/builtin_types.h"
#include "ot/json_text.h"
#include "tests/ot/counter_type.h"
#include "tests/ot/generate_plan.h"

using namespace segue::ot;
using segue::conform::Generator;
using segue::conform::Random;
using segue::test::Counter;
using segue::test::Laws;
using segue::test::notation;
using segue::test::Plan;

namespace {

constexpr int random_rounds = 3000;

using TestedTypes = decltype(std::tuple_cat(BuiltinTypes{}, std::tuple<Text0, Plan, Counter>{}));

// rich-text takes any op for any document, as the reference does.
using RefusingTypes = std::tuple<Json0, Json1, TextUnicode, Text0>;

void check(const std::optional<std::string>& broken) {
  if (broken) FAIL(*broken);
}

template <class T>
Json after(const Json& doc, const typename T::Op& op) {
  const auto applied = Laws<T>::after(doc, op);
  REQUIRE_MESSAGE(applied.has_value(), notation(doc) << " with " << Laws<T>::shown(op));
  return *applied;
}

// The same in nodes that nobody else holds, so that it is edited in place.
Json alone(const Json& doc) { return *parse_json(json_text(doc)); }

// What is kept along with it is what it would be in a new one.
bool is_sound(const Json& doc) {
  const std::string text = json_text(doc);
  return doc.printed_bytes() == text.size() && doc.depth() == parse_json(text)->depth();
}

// An op, and behind it something that fails wherever it is applied.
std::optional<Json0::Op> doomed(Json0::Op op) {
  op.push_back({{"nowhere", "x"}, Json0::NumberAdd{1}});
  return op;
}
std::optional<Json1::Op> doomed(const Json1::Op& op) {
  Json json = Json1::to_json(op);
  if (json.is_null() || json[0].is_object()) return std::nullopt;
  if (!json[0].is_array()) json = Json::array({json});
  json.push_back(Json::array({"\xEF\xBF\xBF", Json::object({{"ena", 1}})}));  // behind all others
  return *Json1::parse(json);
}

}  // namespace

TEST_CASE_TEMPLATE_DEFINE("laws: random concurrent ops converge, compose, invert and round-trip", T,
                          random_laws) {
  Random random(1);
  for (int round = 0; round < random_rounds; ++round) {
    Generator<T> generator(random);
    const Json doc = generator.doc();
    const auto a = generator.op(doc);
    const auto b = generator.op(doc);
    check(Laws<T>::diamond(doc, a, b));
    check(Laws<T>::composition(doc, a, generator.op(after<T>(doc, a))));
    check(Laws<T>::inversion(doc, a));
    check(Laws<T>::round_trip(a));
  }
}
TEST_CASE_TEMPLATE_APPLY(random_laws, TestedTypes);

TEST_CASE_TEMPLATE_DEFINE("laws: all pairs of ops on tiny documents converge and compose", T,
                          exhaustive_laws) {
  for (const Json& doc : Generator<T>::tiny_docs()) {
    const auto ops = Generator<T>::tiny_ops(doc);
    for (const auto& a : ops) {
      check(Laws<T>::inversion(doc, a));
      check(Laws<T>::round_trip(a));
      for (const auto& b : ops) check(Laws<T>::diamond(doc, a, b));
      const Json next = after<T>(doc, a);
      for (const auto& b : Generator<T>::tiny_ops(next)) check(Laws<T>::composition(doc, a, b));
    }
  }
}
TEST_CASE_TEMPLATE_APPLY(exhaustive_laws, TestedTypes);

TEST_CASE_TEMPLATE_DEFINE("laws: pairs of two-part ops converge on tiny documents", T,
                          longer_laws) {
  for (const Json& doc : Generator<T>::tiny_docs()) {
    std::vector<typename T::Op> ops;
    const auto firsts = Generator<T>::tiny_ops(doc);
    for (std::size_t i = 0; i < firsts.size(); i += 1 + firsts.size() / 10) {
      for (const auto& second : Generator<T>::tiny_ops(after<T>(doc, firsts[i]))) {
        const auto both = T::compose(firsts[i], second);
        REQUIRE(both.has_value());
        ops.push_back(*both);
      }
    }
    const std::size_t stride = 1 + ops.size() / 60;
    for (std::size_t i = 0; i < ops.size(); i += stride) {
      for (std::size_t j = 0; j < ops.size(); j += stride)
        check(Laws<T>::diamond(doc, ops[i], ops[j]));
    }
  }
}
TEST_CASE_TEMPLATE_APPLY(longer_laws, TestedTypes);

TEST_CASE_TEMPLATE_DEFINE("laws: an op that does not apply leaves the document as it was", T,
                          failing_apply) {
  Random random(2);
  int refused = 0;
  for (int round = 0; round < random_rounds; ++round) {
    Generator<T> generator(random);
    const auto op = generator.op(generator.doc());
    const Json doc = generator.doc();
    Json edited = alone(doc);
    if (T::apply(edited, op)) continue;
    ++refused;
    CHECK_MESSAGE(json_text(edited) == json_text(doc), notation(doc)
                                                           << " with " << Laws<T>::shown(op));
    CHECK(is_sound(edited));
  }
  CHECK(refused > 0);
}
TEST_CASE_TEMPLATE_APPLY(failing_apply, RefusingTypes);

TEST_CASE_TEMPLATE_DEFINE("laws: where the last part of an op fails, all before it is taken back",
                          T, doomed_apply) {
  Random random(3);
  for (int round = 0; round < random_rounds; ++round) {
    Generator<T> generator(random);
    const Json doc = generator.doc();
    const auto op = doomed(generator.op(doc));
    if (!op) continue;
    Json edited = alone(doc);
    const Json held = round % 2 == 0 ? edited : Json();
    CHECK_FALSE(T::apply(edited, *op));
    CHECK_MESSAGE(json_text(edited) == json_text(doc), notation(doc)
                                                           << " with " << Laws<T>::shown(*op));
    CHECK(is_sound(edited));
    CHECK((held.is_null() || json_text(held) == json_text(doc)));
  }
}
TEST_CASE_TEMPLATE_APPLY(doomed_apply, std::tuple<Json0, Json1>);

TEST_CASE_TEMPLATE_DEFINE(
    "laws: an op does the same in place and to a copy, and leaves the original", T,
    applied_to_copies) {
  Random random(4);
  for (int round = 0; round < random_rounds; ++round) {
    Generator<T> generator(random);
    const Json doc = generator.doc();
    const auto op = generator.op(doc);
    const std::string before = json_text(doc);
    Json in_place = alone(doc);
    Json copy = doc;
    REQUIRE(T::apply(in_place, op));
    REQUIRE(T::apply(copy, op));
    CHECK_MESSAGE(json_text(in_place) == json_text(copy), notation(doc)
                                                              << " with " << Laws<T>::shown(op));
    CHECK(json_text(doc) == before);
    CHECK(is_sound(in_place));
    CHECK(is_sound(copy));
  }
}
TEST_CASE_TEMPLATE_APPLY(applied_to_copies, BuiltinTypes);
