// json0 transform, case by case as in spec/types/json0.md.
#include <string>

#include <doctest/doctest.h>

#include "ot/types/json0.h"
#include "tests/support/json_notation.h"

using namespace segue::ot;
using segue::test::json;
using segue::test::notation;

namespace {

Json0::Op op(const std::string& text) {
  auto parsed = Json0::parse(json(text));
  REQUIRE_MESSAGE(parsed, text);
  return *parsed;
}

std::string transform(const std::string& edits, const std::string& other, Side side) {
  const auto result = Json0::transform(op("[" + edits + "]"), op("[" + other + "]"), side);
  if (!result) return "error: " + result.error().detail;
  const std::string list = notation(Json0::to_json(*result));
  return list.substr(1, list.size() - 2);
}

std::string left(const std::string& edits, const std::string& other) {
  return transform(edits, other, Side::left);
}
std::string right(const std::string& edits, const std::string& other) {
  return transform(edits, other, Side::right);
}
// Where the side does not matter.
std::string either(const std::string& edits, const std::string& other) {
  std::string result = left(edits, other);
  CHECK(right(edits, other) == result);
  return result;
}

}  // namespace

TEST_CASE("json0 transform: ops on separate places do not touch each other") {
  CHECK(either("{'p':['a',0],'li':1}", "{'p':['b',0],'li':2}") == "{'p':['a',0],'li':1}");
  CHECK(either("{'p':['a'],'oi':1}", "{'p':['a','b'],'oi':2}") == "{'p':['a'],'oi':1}");
}

TEST_CASE("json0 transform case 0: a removed value takes in what was changed inside it") {
  CHECK(either("{'p':['a'],'od':{'n':1}}", "{'p':['a','n'],'na':2}") == "{'p':['a'],'od':{'n':3}}");
  CHECK(either("{'p':[0],'ld':'ab'}", "{'p':[0,1],'si':'x'}") == "{'p':[0],'ld':'axb'}");
  CHECK(either("{'p':[0],'ld':[1],'li':3}", "{'p':[0,0],'ld':1}") == "{'p':[0],'ld':[],'li':3}");
  CHECK(either("{'p':[],'od':[1]}", "{'p':[0],'ld':1}") == "{'p':[],'od':[]}");
}

TEST_CASE("json0 transform case 0: a removed value that cannot take the change in is an error") {
  CHECK(left("{'p':['a'],'od':null}", "{'p':['a','n'],'na':2}") ==
        "error: component 0: na needs a number to add to");
}

TEST_CASE("json0 transform case 1: text edits transform as text0 does") {
  CHECK(right("{'p':['s',0],'si':'x'}", "{'p':['s',0],'si':'y'}") == "{'p':['s',1],'si':'x'}");
  CHECK(right("{'p':['s'],'t':'text0','o':[{'p':0,'i':'x'}]}",
              "{'p':['s'],'t':'text0','o':[{'p':0,'i':'y'}]}") ==
        "{'p':['s'],'t':'text0','o':[{'p':1,'i':'x'}]}");
  CHECK(either("{'p':['s',0],'sd':'abc'}", "{'p':['s',1],'si':'x'}") ==
        "{'p':['s',0],'sd':'a'},{'p':['s',1],'sd':'bc'}");
  CHECK(either("{'p':['s',0],'sd':'b'}", "{'p':['s',0],'sd':'bc'}").empty());
  CHECK(left("{'p':['s',0],'sd':'ab'}", "{'p':['s',0],'sd':'xb'}") ==
        "error: two deletes of the same place name different text");
}

TEST_CASE("json0 transform case 1: si and text0 on one string do not see each other") {
  CHECK(right("{'p':['s',0],'si':'x'}", "{'p':['s'],'t':'text0','o':[{'p':0,'i':'y'}]}") ==
        "{'p':['s',0],'si':'x'}");
}

TEST_CASE("json0 transform case 2: an addition changes nothing for others") {
  CHECK(either("{'p':['n'],'na':1}", "{'p':['n'],'na':2}") == "{'p':['n'],'na':1}");
}

TEST_CASE("json0 transform case 3: after a list replacement of the element") {
  CHECK(either("{'p':[0,'a'],'oi':1}", "{'p':[0],'ld':{},'li':2}").empty());
  CHECK(either("{'p':[0],'ld':1}", "{'p':[0],'ld':1,'li':2}").empty());
  CHECK(left("{'p':[0],'ld':1,'li':3}", "{'p':[0],'ld':1,'li':2}") == "{'p':[0],'ld':2,'li':3}");
  CHECK(right("{'p':[0],'ld':1,'li':3}", "{'p':[0],'ld':1,'li':2}").empty());
  CHECK(either("{'p':[0],'li':3}", "{'p':[0],'ld':1,'li':2}") == "{'p':[0],'li':3}");
  CHECK(either("{'p':[0],'lm':1}", "{'p':[0],'ld':1,'li':2}") == "{'p':[0],'lm':1}");
}

TEST_CASE("json0 transform case 4: after a list insert, what stands at or behind it moves up") {
  CHECK(either("{'p':[1,'a'],'oi':1}", "{'p':[1],'li':2}") == "{'p':[2,'a'],'oi':1}");
  CHECK(either("{'p':[0],'ld':1}", "{'p':[1],'li':2}") == "{'p':[0],'ld':1}");
  CHECK(either("{'p':[0],'ld':1,'li':3}", "{'p':[0],'li':2}") == "{'p':[1],'ld':1,'li':3}");
  CHECK(either("{'p':[0],'lm':2}", "{'p':[2],'li':2}") == "{'p':[0],'lm':3}");
}

TEST_CASE("json0 transform case 4: of two list inserts at one place, the left one comes first") {
  CHECK(left("{'p':[1],'li':1}", "{'p':[1],'li':2}") == "{'p':[1],'li':1}");
  CHECK(right("{'p':[1],'li':1}", "{'p':[1],'li':2}") == "{'p':[2],'li':1}");
}

TEST_CASE("json0 transform case 5: after a list delete, what stands behind it moves down") {
  CHECK(either("{'p':[2],'li':1}", "{'p':[1],'ld':2}") == "{'p':[1],'li':1}");
  CHECK(either("{'p':[0],'lm':2}", "{'p':[1],'ld':2}") == "{'p':[0],'lm':1}");
  CHECK(either("{'p':[0],'lm':1}", "{'p':[1],'ld':2}") == "{'p':[0],'lm':0}");
}

TEST_CASE("json0 transform case 5: after a list delete of the element itself") {
  CHECK(either("{'p':[1,'a'],'oi':1}", "{'p':[1],'ld':{}}").empty());
  CHECK(either("{'p':[1],'ld':1}", "{'p':[1],'ld':1}").empty());
  CHECK(either("{'p':[1],'lm':0}", "{'p':[1],'ld':1}").empty());
  CHECK(either("{'p':[1],'ld':1,'li':2}", "{'p':[1],'ld':1}") == "{'p':[1],'li':2}");
  CHECK(either("{'p':[1],'li':2}", "{'p':[1],'ld':1}") == "{'p':[1],'li':2}");
}

TEST_CASE("json0 transform case 6: of two moves of one element, the left one stands") {
  CHECK(left("{'p':[0],'lm':2}", "{'p':[0],'lm':1}") == "{'p':[1],'lm':2}");
  CHECK(right("{'p':[0],'lm':2}", "{'p':[0],'lm':1}").empty());
  CHECK(left("{'p':[0],'lm':0}", "{'p':[0],'lm':1}") == "{'p':[1],'lm':1}");
}

TEST_CASE("json0 transform case 6: a move shifts around a move of another element") {
  CHECK(either("{'p':[2],'lm':0}", "{'p':[0],'lm':3}") == "{'p':[1],'lm':0}");
  CHECK(either("{'p':[0],'lm':3}", "{'p':[2],'lm':0}") == "{'p':[1],'lm':3}");
  CHECK(left("{'p':[0],'lm':2}", "{'p':[1],'lm':2}") == "{'p':[0],'lm':1}");
  CHECK(right("{'p':[0],'lm':2}", "{'p':[1],'lm':2}") == "{'p':[0],'lm':2}");
  CHECK(either("{'p':[0],'lm':0}", "{'p':[1],'lm':0}") == "{'p':[1],'lm':1}");
  CHECK(either("{'p':[0],'lm':1}", "{'p':[3],'lm':3}") == "{'p':[0],'lm':1}");
}

TEST_CASE("json0 transform case 6: a list insert names a gap and does not follow a move") {
  CHECK(either("{'p':[1],'li':1}", "{'p':[1],'lm':3}") == "{'p':[1],'li':1}");
  CHECK(either("{'p':[2],'li':1}", "{'p':[0],'lm':3}") == "{'p':[1],'li':1}");
  CHECK(either("{'p':[2],'li':1}", "{'p':[3],'lm':0}") == "{'p':[3],'li':1}");
}

TEST_CASE("json0 transform case 6: what names an element follows it") {
  CHECK(either("{'p':[1,'a'],'oi':1}", "{'p':[1],'lm':3}") == "{'p':[3,'a'],'oi':1}");
  CHECK(either("{'p':[1],'ld':1}", "{'p':[0],'lm':3}") == "{'p':[0],'ld':1}");
  CHECK(either("{'p':[1],'ld':1}", "{'p':[3],'lm':1}") == "{'p':[2],'ld':1}");
}

TEST_CASE("json0 transform case 7: after an object replacement of the key") {
  CHECK(left("{'p':['a'],'od':1,'oi':3}", "{'p':['a'],'od':1,'oi':2}") ==
        "{'p':['a'],'od':2,'oi':3}");
  CHECK(right("{'p':['a'],'od':1,'oi':3}", "{'p':['a'],'od':1,'oi':2}").empty());
  CHECK(either("{'p':['a'],'od':1}", "{'p':['a'],'od':1,'oi':2}").empty());
  CHECK(either("{'p':['a','b'],'oi':1}", "{'p':['a'],'od':{},'oi':2}").empty());
}

TEST_CASE("json0 transform case 8: of two inserts of one key, the left one stands") {
  CHECK(left("{'p':['a'],'oi':1}", "{'p':['a'],'oi':2}") == "{'p':['a'],'od':2,'oi':1}");
  CHECK(right("{'p':['a'],'oi':1}", "{'p':['a'],'oi':2}").empty());
  CHECK(left("{'p':['a'],'od':0,'oi':1}", "{'p':['a'],'oi':2}") ==
        "{'p':['a'],'od':2},{'p':['a'],'od':0,'oi':1}");
}

TEST_CASE("json0 transform case 9: after an object delete of the key") {
  CHECK(either("{'p':['a','b'],'oi':1}", "{'p':['a'],'od':{}}").empty());
  CHECK(either("{'p':['a'],'od':1}", "{'p':['a'],'od':1}").empty());
  CHECK(either("{'p':['a'],'od':1,'oi':2}", "{'p':['a'],'od':1}") == "{'p':['a'],'oi':2}");
}

TEST_CASE("json0 transform: at the root, everything below goes with it") {
  CHECK(either("{'p':['a'],'na':1}", "{'p':[],'od':{'a':1}}").empty());
  CHECK(left("{'p':[],'od':1,'oi':2}", "{'p':[],'od':1,'oi':3}") == "{'p':[],'od':3,'oi':2}");
  CHECK(either("{'p':[],'na':1}", "{'p':[],'na':2}") == "{'p':[],'na':1}");
}

TEST_CASE("json0 transform: indexes sent as strings shift as numbers, and stay when they do not") {
  CHECK(either("{'p':['1','a'],'oi':1}", "{'p':['0'],'li':2}") == "{'p':[2,'a'],'oi':1}");
  CHECK(either("{'p':['0','a'],'oi':1}", "{'p':['1'],'li':2}") == "{'p':['0','a'],'oi':1}");
  CHECK(right("{'p':['0'],'li':1}", "{'p':['0'],'li':2}") == "{'p':[1],'li':1}");
}

TEST_CASE("json0 transform: an index as a string is not the same place as the number") {
  CHECK(left("{'p':[0],'li':1}", "{'p':['0'],'li':2}") == "{'p':[1],'li':1}");
  CHECK(either("{'p':['0'],'ld':1}", "{'p':[0],'ld':1}") == "{'p':['0'],'ld':1}");
  CHECK(either("{'p':['1'],'lm':2}", "{'p':['2'],'ld':1}") == "{'p':['1'],'lm':2}");
}

TEST_CASE("json0 transform: a key that spells no index is never counted") {
  CHECK(either("{'p':['','a'],'oi':1}", "{'p':[0],'li':2}") == "{'p':['','a'],'oi':1}");
}

TEST_CASE("json0 transform: lists of components go through each other in order") {
  CHECK(left("{'p':[0],'li':1},{'p':[1],'li':2}", "{'p':[0],'li':3},{'p':[0],'li':4}") ==
        "{'p':[0],'li':1},{'p':[1],'li':2}");
  CHECK(right("{'p':[0],'li':1},{'p':[1],'li':2}", "{'p':[0],'li':3},{'p':[0],'li':4}") ==
        "{'p':[2],'li':1},{'p':[3],'li':2}");
}

TEST_CASE("json0 transform: work beyond the bound is refused") {
  const Json0::Op many(4000, op("[{'p':[0],'li':1}]")[0]);
  const auto refused = Json0::transform(many, many, Side::left);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == Errc::too_costly);
}
