// A type that is added as CONTRIBUTING.md tells is served like the others. The laws run over it in
// laws_test.cc.
#include "tests/ot/counter_type.h"

#include <string>
#include <tuple>

#include <doctest/doctest.h>

#include "ot/builtin_types.h"

using namespace segue::ot;
using segue::test::Counter;

namespace {

using Types = decltype(std::tuple_cat(BuiltinTypes{}, std::tuple<Counter>{}));

const AnyType* find(std::string_view name) {
  return find_among(name, static_cast<Types*>(nullptr));
}

}  // namespace

TEST_CASE("counter: one entry in the list of types makes it known by name and by URI") {
  REQUIRE(find("counter") != nullptr);
  CHECK(find("https://example.org/types/counter") == find("counter"));
  CHECK(find("json0") == find_type("json0"));
  CHECK(find_type("counter") == nullptr);
}

TEST_CASE("counter: erased, it creates, edits and refuses") {
  const AnyType& counter = *find("counter");
  auto doc = counter.create(nullptr);
  REQUIRE(doc.has_value());
  const auto three = counter.parse(Json(3));
  REQUIRE(three.has_value());
  REQUIRE(counter.apply(*doc, *three));
  CHECK(*doc == Json(3));
  CHECK_FALSE(counter.parse(Json("3")).has_value());
  CHECK_FALSE(counter.parse(Json(1.5)).has_value());
  const Json text("text");
  CHECK_FALSE(counter.create(&text).has_value());
}

TEST_CASE("counter: a sum that a double cannot hold is refused, and the count stays") {
  const AnyType& counter = *find("counter");
  Json doc(9007199254740991);
  CHECK_FALSE(counter.apply(doc, *counter.parse(Json(1))));
  CHECK(doc == Json(9007199254740991));
}

TEST_CASE("counter: its generator has all that the proof and the conformance kit ask for") {
  using CounterGenerator = segue::conform::Generator<Counter>;
  Json doc = CounterGenerator::all_docs(3).front();
  CHECK(CounterGenerator::tiny_ops(doc).size() == 3);
  REQUIRE(Counter::apply(doc, CounterGenerator::cuts(doc).front()));
  CHECK(doc == Json(0));
}
