// What holds for json1 besides the laws of every type (tests/ot/laws.h).
#include <doctest/doctest.h>

#include "ot/conform/generate.h"
#include "ot/types/json1.h"
#include "tests/ot/laws.h"

using namespace segue::ot;
using segue::conform::Generator;
using segue::conform::Random;
using segue::test::Laws;
using segue::test::notation;

namespace {

constexpr int rounds = 5000;

using Shown = Laws<Json1>;

}  // namespace

TEST_CASE("json1 laws: ops are in conflict from both sides or from neither, and then converge") {
  Random random(3);
  int conflicts = 0;
  for (int round = 0; round < rounds; ++round) {
    Generator<Json1> generator(random);
    const Json doc = generator.doc();
    const Json1::Op a = generator.op(doc);
    const Json1::Op b = generator.op(doc);
    const auto new_a = Json1::transform(a, b, Side::left);
    const auto new_b = Json1::transform(b, a, Side::right);
    const std::string situation = notation(doc) + " " + Shown::shown(a) + " " + Shown::shown(b);
    REQUIRE_MESSAGE(new_a.has_value() == new_b.has_value(), situation);
    if (!new_a) ++conflicts;
    const auto our_way = Json1::transform_no_conflict(a, b, Side::left);
    const auto their_way = Json1::transform_no_conflict(b, a, Side::right);
    REQUIRE_MESSAGE(our_way.has_value(), situation);
    REQUIRE_MESSAGE(their_way.has_value(), situation);
    const auto one_way = Shown::after(Shown::after(doc, a), *their_way);
    REQUIRE_MESSAGE(one_way.has_value(), situation);
    CHECK_MESSAGE(one_way == Shown::after(Shown::after(doc, b), *our_way), situation);
  }
  CHECK(conflicts > rounds / 20);
  CHECK(conflicts < rounds / 2);
}

TEST_CASE("json1 laws: composing is associative in what it does") {
  Random random(4);
  for (int round = 0; round < rounds; ++round) {
    Generator<Json1> generator(random);
    const Json doc = generator.doc();
    const Json1::Op a = generator.op(doc);
    const Json after_a = *Shown::after(doc, a);
    const Json1::Op b = generator.op(after_a);
    const Json1::Op c = generator.op(*Shown::after(after_a, b));
    const auto from_left = Json1::compose(*Json1::compose(a, b), c);
    const auto from_right = Json1::compose(a, *Json1::compose(b, c));
    REQUIRE(from_left);
    REQUIRE(from_right);
    CHECK(Shown::after(doc, *from_left) == Shown::after(doc, *from_right));
  }
}

TEST_CASE("json1 laws: a normalized op does the same, and is normal") {
  Random random(5);
  for (int round = 0; round < rounds; ++round) {
    Generator<Json1> generator(random);
    const Json doc = generator.doc();
    const Json1::Op a = generator.op(doc);
    const Json1::Op normal = Json1::normalize(a);
    CHECK(Shown::after(doc, normal) == Shown::after(doc, a));
    CHECK(Json1::normalize(normal) == normal);
  }
}

TEST_CASE("json1 laws: an op that says what it removes is inverted without the document") {
  Random random(6);
  for (int round = 0; round < rounds; ++round) {
    Generator<Json1> generator(random);
    const Json doc = generator.doc();
    const auto complete = Json1::make_invertible(generator.op(doc), doc);
    REQUIRE(complete);
    const auto inverse = Json1::invert(*complete);
    REQUIRE(inverse);
    CHECK(Shown::after(Shown::after(doc, *complete), *inverse) == doc);
  }
}

TEST_CASE("json1 laws: a place of a value is where the value is after an op") {
  Random random(7);
  for (int round = 0; round < rounds; ++round) {
    Generator<Json1> generator(random);
    const Json doc = Json::array({generator.doc(), Json("marked")});
    const Json1::Op a = generator.op(doc);
    const auto moved = Json1::transform_position({json1::Key(std::int64_t{1})}, a);
    REQUIRE(moved);
    if (!*moved) continue;
    const Json after = *Shown::after(doc, a);
    const Json* found = &after;
    for (const json1::Key& key : **moved) {
      found = key.is_index() ? &(*found)[static_cast<std::size_t>(key.index())]
                             : found->find(key.name());
      REQUIRE(found != nullptr);
    }
    CHECK(found->is_string());
  }
}

TEST_CASE("json1 laws: a difference of two documents leads from one to the other, and back") {
  Random random(8);
  for (int round = 0; round < rounds; ++round) {
    Generator<Json1> generator(random);
    const Json doc = generator.doc();
    const Json target =
        random.below(2) == 0 ? generator.doc() : *Shown::after(doc, generator.op(doc));
    const Json1::Op difference = Json1::diff(doc, target);
    CHECK(Shown::after(doc, difference) == target);
    const auto inverse = Json1::invert_with_doc(difference, doc);
    REQUIRE(inverse);
    CHECK(Shown::after(target, *inverse) == doc);
  }
}
