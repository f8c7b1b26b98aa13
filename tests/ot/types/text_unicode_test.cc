#include "ot/types/text_unicode.h"

#include <string>

#include <doctest/doctest.h>

#include "ot/types/parse.h"
#include "tests/support/allocations.h"
#include "tests/support/json_notation.h"

using namespace segue::ot;
using segue::test::bytes_allocated_by;
using segue::test::json;
using segue::test::notation;

namespace {

// Ops that need not be in canonical form.
TextUnicode::Op op(const std::string& text) {
  auto read = TextUnicode::read(json(text));
  REQUIRE_MESSAGE(read, text);
  return *read;
}

std::string shown(const TextUnicode::Op& edits) { return notation(TextUnicode::to_json(edits)); }

std::string applied(const std::string& doc, const std::string& edits) {
  Json edited(doc);
  const auto done = TextUnicode::apply(edited, op(edits));
  return done ? edited.str() : "error: " + done.error().detail;
}

std::string transform(const std::string& edits, const std::string& other, Side side) {
  return shown(*TextUnicode::transform(op(edits), op(other), side));
}

std::string compose(const std::string& first, const std::string& second) {
  return shown(*TextUnicode::compose(op(first), op(second)));
}

const std::string grin = "\xF0\x9F\x98\x80";

}  // namespace

TEST_CASE("text-unicode apply: components walk over the text") {
  CHECK(applied("abc", "[1,'x',{'d':1}]") == "axc");
  CHECK(applied("abc", "[1,{'d':'zz'}]") == "a");
}

TEST_CASE("text-unicode apply: positions count code points") {
  CHECK(applied(grin + "b", "[1,'x']") == grin + "xb");
  CHECK(applied(grin + "b", "[{'d':1}]") == "b");
}

TEST_CASE("text-unicode apply: a skip to the end is fine and one past it an error") {
  CHECK(applied("ab", "[2,'x']") == "abx");
  CHECK(applied("ab", "[3,'x']") == "error: the op skips past the end of the text");
  CHECK(applied("ab", "['x',{'d':2},1,'y']") == "error: the op skips past the end of the text");
}

TEST_CASE("text-unicode apply: a delete past the end deletes what there is") {
  CHECK(applied("ab", "[1,{'d':9007199254740990}]") == "a");
}

TEST_CASE("text-unicode apply: only strings can be edited") {
  Json number(1);
  CHECK_FALSE(TextUnicode::apply(number, {}));
}

TEST_CASE("text-unicode transform: of two inserts at one place, the left one comes first") {
  CHECK(transform("['x']", "['y']", Side::left) == "['x']");
  CHECK(transform("['x']", "['y']", Side::right) == "[1,'x']");
}

TEST_CASE("text-unicode transform: only the next component decides a tie") {
  CHECK(transform("[{'d':1},'x']", "['y']", Side::left) == "[1,{'d':1},'x']");
  CHECK(transform("['a','b']", "['c']", Side::left) == "['a',1,'b']");
}

TEST_CASE("text-unicode transform: what the other deleted is not deleted again, inserts stay") {
  CHECK(transform("['a',{'d':2},'b']", "[{'d':1}]", Side::left) == "['a',{'d':1},'b']");
  CHECK(transform("[{'d':'abc'}]", "[1,{'d':1}]", Side::left) == "[{'d':'ac'}]");
}

TEST_CASE("text-unicode transform: a delete around the other's insert is cut") {
  CHECK(transform("[{'d':'abc'}]", "[1,'q']", Side::left) == "[{'d':'a'},1,{'d':'bc'}]");
}

TEST_CASE("text-unicode transform: what a delete says goes with what it deletes") {
  CHECK(transform("[{'d':'a'},1,{'d':2}]", "[1,{'d':1}]", Side::left) == "[{'d':3}]");
  CHECK(transform("[{'d':'aé'},'x',{'d':'bc'}]", "[1,{'d':2}]", Side::left) ==
        "[{'d':'a'},'x',{'d':'c'}]");
}

TEST_CASE("text-unicode transform: a skip grows to the longest text there can be, and no further") {
  CHECK(transform("[9007199254740990,'x']", "['yy']", Side::right) == "[9007199254740991,'x']");
}

TEST_CASE("text-unicode transform: an op that ends is an endless skip for the other one") {
  CHECK(transform("[]", "[9007199254740991]", Side::left) == "[]");
  CHECK(transform("['x']", "[9007199254740990,{'d':1}]", Side::left) == "['x']");
}

TEST_CASE("text-unicode: what a long op inserts is shared, not copied") {
  const auto paste = TextUnicode::Op().skip(3).insert(Text(std::string(1'000'000, 'x')));
  const auto key = TextUnicode::Op().skip(2).insert(Text("y"));
  CHECK(bytes_allocated_by([&] { CHECK(TextUnicode::transform(paste, key, Side::left)); }) < 1000);
  for (const std::size_t place : {2, 10, 1'000'003}) {
    const auto next = TextUnicode::Op().skip(place).insert(Text("y"));
    CHECK(bytes_allocated_by([&] { CHECK(TextUnicode::compose(paste, next)); }) < 100'000);
  }
}

TEST_CASE("text-unicode compose: the second op edits what the first left") {
  CHECK(compose("[1,'x']", "['y',3,{'d':1}]") == "['y',1,'x',1,{'d':1}]");
  CHECK(compose("['abc']", "[{'d':2}]") == "['c']");
  CHECK(compose("[3,{'d':2}]", "[1,{'d':4}]") == "[1,{'d':6}]");
}

TEST_CASE("text-unicode compose: deletes keep their text where both say it") {
  CHECK(compose("[2,{'d':'x'}]", "[{'d':'abc'}]") == "[{'d':'abxc'}]");
  CHECK(compose("[{'d':1}]", "[{'d':'q'}]") == "[{'d':2}]");
}

TEST_CASE("text-unicode compose: of what was inserted, the second op's deletes say nothing") {
  CHECK(compose("['abc']", "[1,{'d':'b'},1,{'d':'z'}]") == "['ac',{'d':'z'}]");
  CHECK(compose("[{'d':'q'},'é']", "[{'d':'éz'}]") == "[{'d':'qz'}]");
}

TEST_CASE("text-unicode compose: neither order of insert and delete is changed") {
  CHECK(compose("[{'d':1}]", "['x']") == "['x',{'d':1}]");
  CHECK(compose("[{'d':1},'x']", "[]") == "[{'d':1},'x']");
}

TEST_CASE("text-unicode normalize: no empty parts, one of a kind in a row, no skip at the end") {
  CHECK(shown(TextUnicode::normalize(op("[0,'',1,2,{'d':0},{'d':'a'},{'d':1},'x','y',4]"))) ==
        "[3,{'d':2},'xy']");
}

TEST_CASE("text-unicode trim: one skip at the end goes and nothing else") {
  CHECK(shown(TextUnicode::trim(op("['a',0,0]"))) == "['a',0]");
}

TEST_CASE("text-unicode invert: needs the text of deletes, which the document gives") {
  CHECK(shown(*TextUnicode::invert(op("[1,{'d':'b'},'x']"))) == "[1,'b',{'d':'x'}]");
  CHECK_FALSE(TextUnicode::invert(op("[{'d':1}]")).has_value());
  const Json doc("abcd");
  CHECK(shown(TextUnicode::make_invertible(op("[1,{'d':2},'x']"), doc)) == "[1,{'d':'bc'},'x']");
  CHECK(shown(TextUnicode::make_invertible(op("[1,{'d':9}]"), doc)) == "[1,{'d':'bcd'}]");
  CHECK(shown(TextUnicode::make_invertible(op("[9,{'d':9},'x']"), doc)) == "[9,'x']");
  CHECK(shown(TextUnicode::strip_invertible(op("[{'d':'abc'}]"))) == "[{'d':3}]");
  CHECK(TextUnicode::is_invertible(op("[{'d':'a'},'x']")));
  CHECK_FALSE(TextUnicode::is_invertible(op("[{'d':1}]")));
}

TEST_CASE("text-unicode position: an insert before the cursor moves it, one at it does not") {
  CHECK(TextUnicode::transform_position(3, op("[3,'x']")) == 3);
  CHECK(TextUnicode::transform_position(3, op("[1,'xx']")) == 5);
  CHECK(TextUnicode::transform_position(3, op("[1,{'d':9}]")) == 1);
  CHECK(TextUnicode::transform_position(3, op("['a',3,{'d':2},'b']")) == 4);
}

TEST_CASE("text-unicode parse: what is no canonical op is refused") {
  for (const char* bad : {"{}", "'x'", "null", "[null]", "[[]]", "[{}]", "[{'d':0}]", "[{'d':''}]",
                          "[{'d':true}]", "['']", "[0]", "[-1]", "[1,1,'x']", "['x',1]", "[1]"}) {
    const auto checked = TextUnicode::check(json(bad));
    REQUIRE_MESSAGE(!checked, bad);
    CHECK(checked.error().code == Errc::op_badly_formed);
    CHECK_MESSAGE(!TextUnicode::parse(json(bad)).has_value(), bad);
  }
}

TEST_CASE("text-unicode parse: what only the reference lets pass is refused too") {
  for (const char* bad : {"[1.5,'x']", "[true]", "[{'d':1.5}]", "[{'d':1,'x':2}]",
                          "[9007199254740992,'x']", "[{'d':9007199254740991},{'d':1}]"}) {
    CHECK_MESSAGE(TextUnicode::check(json(bad)), bad);
    CHECK_MESSAGE(!TextUnicode::parse(json(bad)).has_value(), bad);
  }
}

TEST_CASE("text-unicode parse: lone surrogates are refused") {
  CHECK_FALSE(TextUnicode::parse(json("['\\ud83d']")).has_value());
  CHECK_FALSE(TextUnicode::parse(json("[{'d':'\\ude00'}]")).has_value());
  const Json lone = json("'\\ud83d'");
  CHECK_FALSE(TextUnicode::create(&lone).has_value());
}

TEST_CASE("text-unicode parse: an op comes out in normal form, since others diverge") {
  CHECK(shown(*TextUnicode::parse(json("['x','y',1,{'d':'a'},{'d':'b'}]"))) ==
        "['xy',1,{'d':'ab'}]");
  const Json doc("");
  const auto a = *TextUnicode::parse(json("['x','y']"));
  Json left_way = doc;
  Json right_way = doc;
  REQUIRE(TextUnicode::apply(left_way, a));
  REQUIRE(TextUnicode::apply(left_way, *TextUnicode::transform(a, a, Side::right)));
  REQUIRE(TextUnicode::apply(right_way, a));
  REQUIRE(TextUnicode::apply(right_way, *TextUnicode::transform(a, a, Side::left)));
  CHECK(left_way == right_way);
}

TEST_CASE("text-unicode parse: the number of components is bounded") {
  CHECK(TextUnicode::parse(Json::array(std::vector<Json>(op_components_max, "x"))).has_value());
  const auto many = TextUnicode::parse(Json::array(std::vector<Json>(op_components_max + 1, "x")));
  REQUIRE_FALSE(many.has_value());
  CHECK(many.error().code == Errc::too_large);
}

TEST_CASE("text-unicode create: a string or nothing") {
  CHECK(TextUnicode::create(nullptr) == Json(""));
  const Json null;
  CHECK_FALSE(TextUnicode::create(&null).has_value());
}
