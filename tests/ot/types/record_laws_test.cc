// What holds for record types beyond the laws of every type (tests/ot/laws_test.cc): on all pairs
// of components, in documents with lists of up to three elements.
#include <set>
#include <string>

#include <doctest/doctest.h>

#include "tests/ot/generate.h"
#include "tests/ot/laws.h"

using namespace segue::ot;
using segue::test::Generator;
using segue::test::Laws;
using segue::test::notation;
using segue::test::Plan;
using segue::test::plan_type;
using segue::test::Random;

namespace {

using Ops = std::vector<Plan::Op>;

Json after(const Json& doc, const Plan::Op& op) {
  const auto applied = Laws<Plan>::after(doc, op);
  REQUIRE_MESSAGE(applied.has_value(), notation(doc) << " with " << Laws<Plan>::shown(op));
  return *applied;
}

void check(const std::optional<std::string>& broken) {
  if (broken) FAIL(*broken);
}

// The op as a client sends it that asserts and remembers nothing.
Plan::Op forgetful(Plan::Op op) {
  for (auto& component : op) {
    component.id.reset();
    if (auto* remove = record::as<record::Remove>(component)) remove->data.reset();
    if (auto* set = record::as<record::Set>(component)) set->was.reset();
    if (auto* edit = record::as<record::Edit>(component)) {
      edit->text = TextUnicode::strip_invertible(edit->text);
    }
  }
  return op;
}

template <class Check>
void for_all_pairs(Check&& check) {
  for (const Json& doc : Generator<Plan>::tiny_docs()) {
    const auto ops = Generator<Plan>::tiny_ops(doc);
    for (const auto& a : ops) {
      for (const auto& b : ops) check(doc, a, b);
    }
  }
}

Plan::Op transformed(const Plan::Op& op, const Plan::Op& other, Side side) {
  auto result = Plan::transform(op, other, side);
  REQUIRE(result.has_value());
  return *result;
}

void check_ids_differ(const Json& doc) {
  std::set<std::string> ids;
  const Json& sources = *doc.find("sources");
  sources.for_each_element([&](const Json& element) { ids.insert(record::id_of(element)); });
  CHECK_MESSAGE(ids.size() == sources.size(), notation(doc));
}

}  // namespace

TEST_CASE("record laws: what a transformed op remembers is true, so it can be inverted") {
  for_all_pairs([](const Json& doc, const Plan::Op& a, const Plan::Op& b) {
    check(Laws<Plan>::inversion(after(doc, b), transformed(a, b, Side::left)));
    check(Laws<Plan>::inversion(after(doc, b), transformed(a, b, Side::right)));
  });
}

TEST_CASE("record laws: an op transforms to the same whether or not it remembers and asserts") {
  for_all_pairs([](const Json&, const Plan::Op& a, const Plan::Op& b) {
    for (const Side side : {Side::left, Side::right}) {
      const auto full = forgetful(transformed(a, b, side));
      const auto bare = forgetful(transformed(forgetful(a), forgetful(b), side));
      CHECK_MESSAGE(full == bare, Laws<Plan>::shown(a) << " over " << Laws<Plan>::shown(b));
    }
  });
}

TEST_CASE("record laws: ids stay unique whatever two people add, remove and add again") {
  Random random(7);
  for (int round = 0; round < 500; ++round) {
    Generator<Plan> generator(random);
    const Json doc = generator.doc();
    const auto a = generator.op(doc);
    const auto b = generator.op(doc);
    check_ids_differ(after(after(doc, a), transformed(b, a, Side::right)));
  }
}

TEST_CASE("record laws: a composed op transforms and inverts as well as its parts") {
  Random random(8);
  for (int round = 0; round < 500; ++round) {
    Generator<Plan> generator(random);
    const Json doc = generator.doc();
    const auto a = generator.op(doc);
    const auto next = generator.op(after(doc, a));
    const auto both = Plan::compose(a, next);
    REQUIRE(both.has_value());
    check(Laws<Plan>::inversion(doc, *both));
    check(Laws<Plan>::diamond(doc, *both, generator.op(doc)));
    check(Laws<Plan>::diamond(doc, generator.op(doc), *both));
    CHECK_MESSAGE(plan_type().parse(record::to_json(*both)).has_value(), Laws<Plan>::shown(*both));
    const auto normal = record::normalize(*both);
    CHECK(after(doc, normal) == after(doc, *both));
    CHECK_MESSAGE(record::normalize(normal) == normal, Laws<Plan>::shown(normal));
  }
}

TEST_CASE("record laws: a third person's op comes out the same on every way around") {
  Random random(9);
  for (int round = 0; round < 300; ++round) {
    Generator<Plan> generator(random);
    const Json doc = generator.doc();
    // Committed one by one; the author of the last one had seen neither.
    const auto first = generator.op(doc);
    const auto second = generator.op(after(doc, first));
    const auto late = generator.op(doc);
    const auto once = transformed(late, first, Side::left);
    const auto twice = transformed(once, second, Side::left);
    const Json server = after(after(after(doc, first), second), twice);
    // At the author's end, each committed op comes in over what is pending.
    const auto first_there = transformed(first, late, Side::right);
    const auto second_there = transformed(second, once, Side::right);
    CHECK(after(after(after(doc, late), first_there), second_there) == server);
  }
}

TEST_CASE("record laws: a diff leads to its target, and can be inverted") {
  Random random(10);
  for (int round = 0; round < 300; ++round) {
    Generator<Plan> generator(random);
    const Json doc = after(generator.doc(), {});
    const Json target = after(doc, generator.op(doc));
    const auto diff = plan_type().diff(doc, target);
    REQUIRE_MESSAGE(diff.has_value(), (diff ? "" : diff.error().detail));
    CHECK_MESSAGE(after(doc, *diff) == target, Laws<Plan>::shown(*diff));
    check(Laws<Plan>::inversion(doc, *diff));
  }
}
