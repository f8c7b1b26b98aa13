// The algebra that every type must obey (ot/type.h), on random situations and on all of a few tiny
// documents. Transforming over a composed op is no law here: neither json0 nor text-unicode is
// closed under composition, and nothing in Segue relies on it.
#include <string>
#include <tuple>

#include <doctest/doctest.h>

#include "ot/builtin_types.h"
#include "tests/ot/generate.h"
#include "tests/support/json_notation.h"

using namespace segue::ot;
using segue::test::Generator;
using segue::test::notation;
using segue::test::Random;

namespace {

constexpr int random_rounds = 3000;

using TestedTypes = decltype(std::tuple_cat(BuiltinTypes{}, std::tuple<Text0>{}));

template <class T>
std::string shown(const typename T::Op& op) {
  return notation(T::to_json(op));
}

template <class T>
Json after(Json doc, const typename T::Op& op) {
  const auto done = T::apply(doc, op);
  REQUIRE_MESSAGE(done.has_value(), notation(doc) << " with " << shown<T>(op));
  return doc;
}

// Each check reports the situation in the notation of the tests, to be pasted as one.

template <class T>
void check_diamond(const Json& doc, const typename T::Op& a, const typename T::Op& b) {
  INFO(T::name << " " << notation(doc) << " left " << shown<T>(a) << " right " << shown<T>(b));
  const auto new_a = T::transform(a, b, Side::left);
  const auto new_b = T::transform(b, a, Side::right);
  REQUIRE(new_a.has_value());
  REQUIRE(new_b.has_value());
  const Json left_way = after<T>(after<T>(doc, a), *new_b);
  const Json right_way = after<T>(after<T>(doc, b), *new_a);
  if (left_way == right_way) return;
  FAIL(notation(left_way) << " is not " << notation(right_way));
}

template <class T>
void check_compose(const Json& doc, const typename T::Op& a, const typename T::Op& b) {
  INFO(T::name << " " << notation(doc) << " first " << shown<T>(a) << " then " << shown<T>(b));
  const auto both = T::compose(a, b);
  REQUIRE(both.has_value());
  if (after<T>(after<T>(doc, a), b) == after<T>(doc, *both)) return;
  FAIL("composed it is " << shown<T>(*both));
}

template <class T>
void check_invert(const Json& doc, const typename T::Op& op) {
  INFO(T::name << " " << notation(doc) << " with " << shown<T>(op));
  const auto inverse = T::invert(op);
  REQUIRE(inverse.has_value());
  if (after<T>(after<T>(doc, op), *inverse) == doc) return;
  FAIL("the inverse is " << shown<T>(*inverse));
}

template <class T>
void check_round_trip(const typename T::Op& op) {
  INFO(T::name << " " << shown<T>(op));
  const auto parsed = T::parse(T::to_json(op));
  REQUIRE(parsed.has_value());
  if (*parsed == op) return;
  FAIL("it comes back as " << shown<T>(*parsed));
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
    check_diamond<T>(doc, a, b);
    check_compose<T>(doc, a, generator.op(after<T>(doc, a)));
    check_invert<T>(doc, a);
    check_round_trip<T>(a);
  }
}
TEST_CASE_TEMPLATE_APPLY(random_laws, TestedTypes);

TEST_CASE_TEMPLATE_DEFINE("laws: all pairs of ops on tiny documents converge and compose", T,
                          exhaustive_laws) {
  for (const Json& doc : Generator<T>::tiny_docs()) {
    const auto ops = Generator<T>::tiny_ops(doc);
    for (const auto& a : ops) {
      check_invert<T>(doc, a);
      check_round_trip<T>(a);
      for (const auto& b : ops) check_diamond<T>(doc, a, b);
      const Json next = after<T>(doc, a);
      for (const auto& b : Generator<T>::tiny_ops(next)) check_compose<T>(doc, a, b);
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
      for (std::size_t j = 0; j < ops.size(); j += stride) check_diamond<T>(doc, ops[i], ops[j]);
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
    CHECK_MESSAGE(edited == doc, notation(doc) << " with " << shown<T>(op));
  }
  CHECK(refused > 0);
}
TEST_CASE_TEMPLATE_APPLY(failing_apply, TestedTypes);
