#include <string>

#include <doctest/doctest.h>

#include "ot/conform/generate.h"
#include "ot/types/rich_text.h"
#include "tests/support/json_notation.h"

using namespace segue::ot;
using segue::conform::Generator;
using segue::conform::Random;
using segue::test::json;
using segue::test::notation;

namespace {

std::string diff(const std::string& from, const std::string& to) {
  const auto op = RichText::diff(json(from), json(to));
  return op ? notation(RichText::to_json(*op)) : "error: " + op.error().detail;
}

std::string repeated(std::string_view text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

}  // namespace

TEST_CASE("rich-text diff: equal documents differ by nothing") {
  CHECK(diff("[{'insert':'ab'}]", "[{'insert':'ab'}]") == "[]");
  CHECK(diff("[]", "[]") == "[]");
}

TEST_CASE("rich-text diff: texts differ by the fewest characters") {
  CHECK(diff("[{'insert':'abc'}]", "[{'insert':'axbc'}]") == "[{'retain':1},{'insert':'x'}]");
  CHECK(diff("[{'insert':'abcd'}]", "[{'insert':'bd'}]") ==
        "[{'delete':1},{'retain':1},{'delete':1}]");
}

TEST_CASE("rich-text diff: attributes of what stays are set, and removed by null") {
  CHECK(diff("[{'insert':'ab'}]", "[{'insert':'a'},{'insert':'b','attributes':{'bold':true}}]") ==
        "[{'retain':1},{'retain':1,'attributes':{'bold':true}}]");
  CHECK(diff("[{'insert':'a','attributes':{'bold':true}}]", "[{'insert':'a'}]") ==
        "[{'retain':1,'attributes':{'bold':null}}]");
}

TEST_CASE("rich-text diff: embedded objects are the same if they are equal") {
  CHECK(diff("[{'insert':{'image':'i'}},{'insert':'a'}]", "[{'insert':{'image':'i'}}]") ==
        "[{'retain':1},{'delete':1}]");
  CHECK(diff("[{'insert':{'image':'i'}}]", "[{'insert':{'image':'j'}}]") ==
        "[{'insert':{'image':'j'}},{'delete':1}]");
}

TEST_CASE("rich-text diff: no surrogate pair is cut") {
  CHECK(diff("[{'insert':'\xF0\x9F\x98\x80'}]", "[{'insert':'\xF0\x9F\x98\x81'}]") ==
        "[{'insert':'\xF0\x9F\x98\x81'},{'delete':2}]");
}

TEST_CASE("rich-text diff: only documents can be compared") {
  CHECK(diff("[{'delete':1}]", "[]") == "error: a document has nothing but inserts");
  CHECK(diff("[]", "1").starts_with("error: "));
}

TEST_CASE("rich-text diff: applied to the one document it makes the other") {
  Random random(7);
  for (int round = 0; round < 2000; ++round) {
    Generator<RichText> generator(random);
    const Json from = generator.doc();
    const Json to = generator.doc();
    Json edited = from;
    const auto op = RichText::diff(from, to);
    REQUIRE(op);
    REQUIRE(RichText::apply(edited, *op));
    CHECK_MESSAGE(edited == to, notation(from) << " to " << notation(to));
  }
}

TEST_CASE("rich-text diff: documents with nothing in common are replaced, within its bounds") {
  const std::string from = "[{'insert':'=" + repeated("ab", 20'000) + "='}]";
  const std::string to = "[{'insert':'=" + repeated("cd", 20'000) + "='}]";
  Json edited = json(from);
  const auto op = RichText::diff(edited, json(to));
  REQUIRE(op);
  CHECK(op->size() == 3);
  REQUIRE(RichText::apply(edited, *op));
  CHECK(edited == json(to));
}
