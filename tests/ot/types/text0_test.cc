#include "ot/types/text0.h"

#include <string>

#include <doctest/doctest.h>

#include "ot/types/parse.h"
#include "tests/support/json_notation.h"

using namespace segue::ot;
using segue::test::json;
using segue::test::notation;

namespace {

Text0::Op op(const std::string& text) {
  auto parsed = Text0::parse(json(text));
  REQUIRE(parsed);
  return *parsed;
}

std::string applied(const std::string& doc, const std::string& edits) {
  Json edited(doc);
  const auto done = Text0::apply(edited, op(edits));
  return done ? edited.str() : "error: " + done.error().detail;
}

std::string transform(const std::string& edits, const std::string& other, Side side) {
  const auto result = Text0::transform(op(edits), op(other), side);
  return result ? notation(Text0::to_json(*result)) : "error: " + result.error().detail;
}

std::string compose(const std::string& first, const std::string& second) {
  return notation(Text0::to_json(*Text0::compose(op(first), op(second))));
}

Errc parse_error(const std::string& text) {
  const auto parsed = Text0::parse(json(text));
  return parsed ? Errc::uncoded : parsed.error().code;
}

}  // namespace

TEST_CASE("text0 apply: components apply one after another") {
  CHECK(applied("abc", "[{'p':1,'i':'x'},{'p':2,'d':'b'}]") == "axc");
}

TEST_CASE("text0 apply: an insert beyond the end appends") {
  CHECK(applied("ab", "[{'p':9,'i':'x'}]") == "abx");
}

TEST_CASE("text0 apply: a delete of other text is an error that says which component it is") {
  CHECK(applied("abc", "[{'p':0,'i':'x'},{'p':1,'d':'b'}]") ==
        "error: component 1: the text to delete does not stand there");
  CHECK(applied("abc", "[{'p':2,'d':'cd'}]") ==
        "error: component 0: the text to delete does not stand there");
}

TEST_CASE("text0 apply: positions count UTF-16 units and may halve an astral character") {
  Json doc("\xF0\x9F\x98\x80");
  REQUIRE(Text0::apply(doc, op("[{'p':1,'i':'x'}]")));
  CHECK(json_text(doc) == "\"\\ud83dx\\ude00\"");
  REQUIRE(Text0::apply(doc, op("[{'p':1,'d':'x'}]")));
  CHECK(doc == Json("\xF0\x9F\x98\x80"));
}

TEST_CASE("text0 transform: of two inserts at one place, the left one comes first") {
  CHECK(transform("[{'p':1,'i':'x'}]", "[{'p':1,'i':'yy'}]", Side::left) == "[{'p':1,'i':'x'}]");
  CHECK(transform("[{'p':1,'i':'x'}]", "[{'p':1,'i':'yy'}]", Side::right) == "[{'p':3,'i':'x'}]");
}

TEST_CASE("text0 transform: an insert inside what the other deletes moves to where that began") {
  CHECK(transform("[{'p':2,'i':'x'}]", "[{'p':1,'d':'bc'}]", Side::left) == "[{'p':1,'i':'x'}]");
  CHECK(transform("[{'p':4,'i':'x'}]", "[{'p':1,'d':'bc'}]", Side::left) == "[{'p':2,'i':'x'}]");
}

TEST_CASE("text0 transform: a delete around the other's insert becomes two") {
  CHECK(transform("[{'p':0,'d':'abc'}]", "[{'p':1,'i':'x'}]", Side::left) ==
        "[{'p':0,'d':'a'},{'p':1,'d':'bc'}]");
}

TEST_CASE("text0 transform: overlapping deletes leave what only one of them names") {
  CHECK(transform("[{'p':0,'d':'abc'}]", "[{'p':1,'d':'b'}]", Side::left) == "[{'p':0,'d':'ac'}]");
  CHECK(transform("[{'p':1,'d':'b'}]", "[{'p':0,'d':'abc'}]", Side::left) == "[]");
}

TEST_CASE("text0 transform: what remains around a common part may join to one astral character") {
  const std::string high = "\\ud83d";
  const std::string low = "\\ude00";
  CHECK(transform("[{'p':0,'d':'" + high + "x" + low + "'}]", "[{'p':1,'d':'x'}]", Side::left) ==
        "[{'p':0,'d':'\xF0\x9F\x98\x80'}]");
}

TEST_CASE("text0 transform: deletes that name different text for one place contradict each other") {
  CHECK(transform("[{'p':0,'d':'ab'}]", "[{'p':0,'d':'xb'}]", Side::left) ==
        "error: two deletes of the same place name different text");
}

TEST_CASE("text0 compose: only touching neighbours of one kind merge") {
  CHECK(compose("[{'p':1,'i':'ad'}]", "[{'p':2,'i':'bc'}]") == "[{'p':1,'i':'abcd'}]");
  CHECK(compose("[{'p':2,'d':'b'}]", "[{'p':1,'d':'ac'}]") == "[{'p':1,'d':'abc'}]");
  CHECK(compose("[{'p':0,'i':'a'}]", "[{'p':0,'d':'a'}]") == "[{'p':0,'i':'a'},{'p':0,'d':'a'}]");
}

TEST_CASE("text0 normalize: a bare component and a missing position are mended") {
  CHECK(notation(Text0::to_json(*Text0::normalize(json("{'i':'x'}")))) == "[{'p':0,'i':'x'}]");
}

TEST_CASE("text0 cursor: an insert at the cursor moves it for the right side only") {
  CHECK(Text0::transform_cursor(3, op("[{'p':3,'i':'xx'}]"), Side::left) == 3);
  CHECK(Text0::transform_cursor(3, op("[{'p':3,'i':'xx'}]"), Side::right) == 5);
  CHECK(Text0::transform_cursor(3, op("[{'p':1,'d':'bcde'}]"), Side::left) == 1);
}

TEST_CASE("text0 parse: what is not a component is refused") {
  for (const char* bad :
       {"{}", "[1]", "[{'p':0}]", "[{'i':'x'}]", "[{'p':-1,'i':'x'}]", "[{'p':1.5,'i':'x'}]",
        "[{'p':'0','i':'x'}]", "[{'p':0,'i':1}]", "[{'p':0,'i':'x','d':'y'}]",
        "[{'p':0,'i':'x','q':1}]", "[{'p':9007199254740992,'i':'x'}]"}) {
    CHECK_MESSAGE(parse_error(bad) == Errc::op_badly_formed, bad);
  }
}

TEST_CASE("text0 parse: the number of components is bounded") {
  const Json component = json("{'p':0,'i':'x'}");
  CHECK(Text0::parse(Json::array(std::vector<Json>(op_components_max, component))).has_value());
  const auto refused =
      Text0::parse(Json::array(std::vector<Json>(op_components_max + 1, component)));
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == Errc::too_large);
}

TEST_CASE("text0 transform: ops whose lengths multiply to too many steps are refused at once") {
  const Text0::Op many(4000, Text0::Insert{1, Text("x")});
  const auto refused = Text0::transform(many, many, Side::left);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == Errc::too_costly);
}

TEST_CASE("text0 transform: work that grows by splitting is refused when the steps are used up") {
  constexpr std::size_t inserts = 1000;
  Text0::Op splitting;
  for (std::size_t i = 0; i < inserts; ++i)
    splitting.push_back(Text0::Insert{2 * i + 1, Text("x")});
  const Text0::Op deletion{Text0::Delete{0, Text(std::string(inserts + 2, 'a'))}};

  const auto result = Text0::transform(deletion, splitting, Side::left);
  REQUIRE(result.has_value());
  CHECK(result->size() == inserts + 1);

  Steps few(10 * inserts);
  const auto refused = Text0::transform(deletion, splitting, Side::left, few);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == Errc::too_costly);
}

TEST_CASE("text0 create: a string, nothing or null") {
  CHECK(Text0::create(nullptr) == Json(""));
  const Json null;
  CHECK(Text0::create(&null) == Json(""));
  const Json number(1);
  CHECK_FALSE(Text0::create(&number).has_value());
}
