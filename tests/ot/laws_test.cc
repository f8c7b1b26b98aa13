// The laws of tests/ot/laws.h, on random situations and on all of a few tiny documents.
#include "tests/ot/laws.h"

#include <string>
#include <tuple>

#include <doctest/doctest.h>

#include "ot/builtin_types.h"
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
    Json edited = doc;
    if (T::apply(edited, op)) continue;
    ++refused;
    CHECK_MESSAGE(edited == doc, notation(doc) << " with " << Laws<T>::shown(op));
  }
  CHECK(refused > 0);
}
TEST_CASE_TEMPLATE_APPLY(failing_apply, RefusingTypes);
