// Differences of json0 documents, and of texts.
#include <string>

#include <doctest/doctest.h>

#include "ot/conform/generate.h"
#include "ot/types/json0.h"
#include "ot/types/text_unicode.h"
#include "tests/ot/laws.h"
#include "tests/support/json_notation.h"

using namespace segue::ot;
using segue::conform::Generator;
using segue::conform::Random;
using segue::test::json;
using segue::test::Laws;
using segue::test::notation;

namespace {

std::string diff(const std::string& from, const std::string& to) {
  const Json doc = json(from);
  const auto op = Json0::diff(doc, json(to));
  const auto there = Laws<Json0>::after(doc, op);
  REQUIRE(there.has_value());
  CHECK(*there == json(to));
  const auto inverse = Json0::invert(op);
  REQUIRE(inverse.has_value());
  const auto back = Laws<Json0>::after(*there, *inverse);
  REQUIRE(back.has_value());
  CHECK(*back == doc);
  return notation(Json0::to_json(op));
}

}  // namespace

TEST_CASE("json0 diff: what is alike is left alone") {
  CHECK(diff("{'a':[1,{'b':2}]}", "{'a':[1,{'b':2}]}") == "[]");
  CHECK(diff("{'a':1,'b':2}", "{'b':2,'c':3}") == "[{'p':['a'],'od':1},{'p':['c'],'oi':3}]");
  CHECK(diff("{'a':{'b':1,'c':2}}", "{'a':{'b':1,'c':3}}") == "[{'p':['a','c'],'od':2,'oi':3}]");
  CHECK(diff("1", "{}") == "[{'p':[],'od':1,'oi':{}}]");
}

TEST_CASE("json0 diff: elements with ids are moved, and changed where they went") {
  CHECK(diff("[{'id':'a'},{'id':'b'},{'id':'c','n':1}]",
             "[{'id':'c','n':2},{'id':'a'},{'id':'b'}]") ==
        "[{'p':[2],'lm':0},{'p':[0,'n'],'od':1,'oi':2}]");
  CHECK(diff("[{'id':1},{'id':2}]", "[{'id':2},{'id':3}]") ==
        "[{'p':[0],'ld':{'id':1}},{'p':[1],'li':{'id':3}}]");
}

TEST_CASE("json0 diff: other elements are matched by value") {
  CHECK(diff("['a','b','c','d']", "['b','c','x','d']") ==
        "[{'p':[0],'ld':'a'},{'p':[2],'li':'x'}]");
  CHECK(diff("[1,2,3]", "[1,4,3]") == "[{'p':[1],'ld':2,'li':4}]");
  CHECK(diff("[{'n':1,'m':[1,2,3,4]},5]", "[{'n':2,'m':[1,2,3,4]},5]") ==
        "[{'p':[0,'n'],'od':1,'oi':2}]");
  CHECK(diff("[{'n':1}]", "[{'m':2}]") == "[{'p':[0],'ld':{'n':1},'li':{'m':2}}]");
  // Somebody else may move the same point up.
  CHECK(diff("[{'x':1,'y':2}]", "[{'x':1,'y':3}]") == "[{'p':[0,'y'],'od':2,'oi':3}]");
  CHECK(diff("[[1,2],[3]]", "[[1],[3,4]]") == "[{'p':[0,1],'ld':2},{'p':[1,1],'li':4}]");
}

TEST_CASE("json0 diff: a name is set, and a text is edited") {
  CHECK(diff("{'a':'Hall A'}", "{'a':'Hall B'}") == "[{'p':['a'],'od':'Hall A','oi':'Hall B'}]");
  const std::string text = "The doors open at seven, and \xF0\x9F\x98\x80 is on at ";
  CHECK(diff("{'a':'" + text + "nine.'}", "{'a':'" + text + "ten.'}") ==
        "[{'p':['a'],'t':'text0','o':[{'p':41,'d':'nin'},{'p':41,'i':'t'},{'p':43,'i':'n'}]}]");
}

TEST_CASE("json0 diff: what no path may hold is replaced from the top") {
  CHECK(diff("{'constructor':1,'a':2}", "{'constructor':2,'a':2}") ==
        "[{'p':[],'od':{'constructor':1,'a':2},'oi':{'constructor':2,'a':2}}]");
}

TEST_CASE("json0 diff: leads from any document to any other, and back") {
  Random random(5);
  for (int round = 0; round < 3000; ++round) {
    Generator<Json0> generator(random);
    const Json from = generator.doc();
    const auto edited = Laws<Json0>::after(from, generator.op(from));
    diff(notation(from), notation(round % 2 == 0 ? generator.doc() : edited.value_or(from)));
  }
}

TEST_CASE("text-unicode diff: leads from any text to any other, and back") {
  Random random(6);
  for (int round = 0; round < 3000; ++round) {
    Generator<TextUnicode> generator(random);
    const Json from = generator.doc();
    const Json to = generator.doc();
    const auto op = TextUnicode::diff(from.text(), to.text());
    CHECK(Laws<TextUnicode>::after(from, op) == to);
    CHECK(Laws<TextUnicode>::after(to, *TextUnicode::invert(op)) == from);
  }
}
