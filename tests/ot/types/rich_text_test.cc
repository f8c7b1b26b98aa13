#include "ot/types/rich_text.h"

#include <string>

#include <doctest/doctest.h>

#include "ot/types/parse.h"
#include "tests/support/json_notation.h"
#include "tests/support/random.h"

using namespace segue::ot;
using segue::test::json;
using segue::test::notation;
using segue::test::Random;

namespace {

RichText::Op op(const std::string& text) {
  auto parsed = RichText::parse(json(text));
  REQUIRE_MESSAGE(parsed, text);
  return *parsed;
}

std::string shown(const Result<RichText::Op>& edits) {
  return edits ? notation(RichText::to_json(*edits)) : "error: " + edits.error().detail;
}

std::string applied(const std::string& doc, const std::string& edits) {
  Json edited = json(doc);
  const auto done = RichText::apply(edited, op(edits));
  if (!done) return "error: " + done.error().detail;
  // The reference knows apply() as compose(): so the edit in place must do the same.
  CHECK(notation(edited) == shown(RichText::compose(op(doc), op(edits))));
  return notation(edited);
}

std::string transform(const std::string& edits, const std::string& other, Side side) {
  return shown(RichText::transform(op(edits), op(other), side));
}

std::string compose(const std::string& first, const std::string& second) {
  return shown(RichText::compose(op(first), op(second)));
}

std::string inverse(const std::string& edits, const std::string& doc) {
  return shown(RichText::invert_with_doc(op(edits), json(doc)));
}

std::string refusal(const std::string& in) {
  const auto parsed = RichText::parse(json(in));
  return parsed ? "taken" : parsed.error().detail;
}

const std::string bold_ab = "[{'insert':'ab','attributes':{'bold':true}}]";

// Among them equal neighbours, empty texts and attributes, and halves of a pair.
RichText::Insert random_insert(Random& random) {
  const auto one_of = [&](auto... values) {
    const std::string all[] = {values...};
    return json(all[random.below(sizeof...(values))]);
  };
  RichText::Insert insert{one_of("'a'", "'bcd'", "''", "1", "{'x':1}", "'\\ud83d'", "'\\ude00'"),
                          {}};
  if (random.below(2) == 0) insert.attributes = one_of("{}", "{'b':1}", "{'b':1,'c':2}", "{'c':2}");
  return insert;
}

RichText::Component random_component(Random& random) {
  const std::size_t count = random.below(4) + 1;
  switch (random.below(4)) {
    case 0:
      return random_insert(random);
    case 1:
      return RichText::Delete{count};
    case 2:
      return RichText::Retain{count, json(random.below(2) == 0 ? "{'b':1}" : "{'b':null,'c':2}")};
    default:
      return RichText::Retain{count, {}};
  }
}

}  // namespace

TEST_CASE("rich-text create: without data there is an empty document") {
  CHECK(notation(*RichText::create(nullptr)) == "[]");
}

TEST_CASE("rich-text create: a list, or an object with ops, becomes the bare list") {
  const Json list = json("[{'insert':'a'}]");
  const Json object = json("{'ops':[{'insert':'a'}]}");
  CHECK(*RichText::create(&list) == list);
  CHECK(*RichText::create(&object) == list);
}

TEST_CASE("rich-text create: null and text are refused, which the reference takes for empty") {
  const Json null;
  const Json text("a");
  CHECK(RichText::create(&null).error().code == Errc::op_badly_formed);
  CHECK(RichText::create(&text).error().code == Errc::op_badly_formed);
}

TEST_CASE("rich-text parse: a malformed component is refused with its number and the rule") {
  const std::string one_of = "component 0: it is not one of insert, retain and delete";
  const std::string field = "component 0: it has a field that it cannot have";
  const std::string count = "component 0: a length is a whole number above 0";
  const std::string content = "component 0: what it inserts is neither a text nor an object";
  CHECK(refusal("[1]") == one_of);
  CHECK(refusal("[{}]") == one_of);
  CHECK(refusal("[{'insert':'a','retain':1}]") == one_of);
  CHECK(refusal("[{'insert':'a','x':1}]") == field);
  CHECK(refusal("[{'delete':1,'attributes':{}}]") == field);
  CHECK(refusal("[{'insert':'a','attributes':null}]") ==
        "component 0: its attributes are not an object");
  for (const char* length : {"0", "-1", "1.5", "'1'", "null", "9007199254740992"}) {
    CHECK(refusal("[{'retain':" + std::string(length) + "}]") == count);
    CHECK(refusal("[{'delete':" + std::string(length) + "}]") == count);
  }
  for (const char* inserted : {"null", "true", "[]", "0"}) {
    CHECK(refusal("[{'insert':" + std::string(inserted) + "}]") == content);
  }
  CHECK(refusal("[{'insert':'a'},{'retain':0}]") ==
        "component 1: a length is a whole number above 0");
}

TEST_CASE("rich-text parse: lengths have a sum that JavaScript can count") {
  const std::string most = "{'retain':9007199254740991}";
  CHECK(refusal("[" + most + "]") == "taken");
  CHECK(refusal("[" + most + ",{'retain':1}]") == "component 1: no text is that long");
}

TEST_CASE("rich-text parse: neither a list nor an object with ops is refused") {
  for (const char* in : {"1", "'a'", "null", "{}", "{'ops':1}"}) {
    CHECK(refusal(in) == "rich text is a list of components, or an object with ops");
  }
}

TEST_CASE("rich-text parse: an op has at most as many components as every op") {
  std::vector<Json> components(op_components_max, json("{'delete':1}"));
  CHECK(RichText::parse(Json::array(components)));
  components.push_back(json("{'delete':1}"));
  const auto refused = RichText::parse(Json::array(components));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Errc::too_large);
}

TEST_CASE("rich-text parse: empty texts and numbers for objects are taken, and nothing is merged") {
  const std::string loose = "[{'insert':''},{'insert':1},{'retain':1},{'retain':1}]";
  CHECK(shown(op(loose)) == loose);
}

TEST_CASE("rich-text apply: text goes into text with the same attributes") {
  CHECK(applied("[{'insert':'ab'}]", "[{'retain':1},{'insert':'x'}]") == "[{'insert':'axb'}]");
  CHECK(applied(bold_ab, "[{'insert':'x','attributes':{'bold':true}}]") ==
        "[{'insert':'xab','attributes':{'bold':true}}]");
}

TEST_CASE("rich-text apply: text with other attributes cuts the one it goes into") {
  CHECK(applied(bold_ab, "[{'retain':1},{'insert':'x'}]") ==
        "[{'insert':'a','attributes':{'bold':true}},{'insert':'x'},"
        "{'insert':'b','attributes':{'bold':true}}]");
}

TEST_CASE("rich-text apply: embedded objects stand by themselves") {
  CHECK(applied("[{'insert':'ab'}]", "[{'retain':1},{'insert':{'image':'i'}}]") ==
        "[{'insert':'a'},{'insert':{'image':'i'}},{'insert':'b'}]");
  CHECK(applied("[{'insert':{'a':1}}]", "[{'retain':1},{'insert':{'a':1}}]") ==
        "[{'insert':{'a':1}},{'insert':{'a':1}}]");
}

TEST_CASE("rich-text apply: a delete goes over borders and joins what it leaves") {
  CHECK(applied("[{'insert':'ab'},{'insert':1},{'insert':'cd'}]", "[{'retain':1},{'delete':3}]") ==
        "[{'insert':'ad'}]");
  CHECK(applied("[{'insert':'ab'}]", "[{'delete':2}]") == "[]");
}

TEST_CASE(
    "rich-text apply: a retain sets attributes, replaces them, and removes those that are null") {
  CHECK(applied("[{'insert':'abc'}]", "[{'retain':1},{'retain':1,'attributes':{'bold':true}}]") ==
        "[{'insert':'a'},{'insert':'b','attributes':{'bold':true}},{'insert':'c'}]");
  CHECK(applied(bold_ab, "[{'retain':2,'attributes':{'bold':null}}]") == "[{'insert':'ab'}]");
  CHECK(applied("[{'insert':'a'},{'insert':'b','attributes':{'bold':true}},{'insert':'c'}]",
                "[{'retain':1},{'retain':1,'attributes':{'bold':null}}]") == "[{'insert':'abc'}]");
}

TEST_CASE("rich-text apply: lengths are UTF-16 units, and the halves of a pair meet again") {
  const std::string grin = "\xF0\x9F\x98\x80";
  const std::string cut = "[{'insert':'\\ud83d','attributes':{'bold':true}},{'insert':'\\ude00'}]";
  CHECK(applied("[{'insert':'" + grin + "a'}]", "[{'retain':2},{'delete':1}]") ==
        "[{'insert':'" + grin + "'}]");
  CHECK(applied("[{'insert':'" + grin + "'}]", "[{'retain':1,'attributes':{'bold':true}}]") == cut);
  CHECK(applied(cut, "[{'retain':1,'attributes':{'bold':null}}]") == "[{'insert':'" + grin + "'}]");
}

TEST_CASE("rich-text apply: what an op does not reach stays as it is cut") {
  const std::string cut =
      "[{'insert':'a'},{'insert':'b'},{'insert':1},{'insert':'c'},{'insert':'d'}]";
  CHECK(applied(cut, "[{'retain':2},{'insert':2}]") ==
        "[{'insert':'a'},{'insert':'b'},{'insert':2},{'insert':1},{'insert':'c'},{'insert':'d'}]");
}

TEST_CASE("rich-text apply: what lies between two changes is put together") {
  CHECK(applied("[{'insert':1},{'insert':'a'},{'insert':'b'},{'insert':'c','attributes':{}}]",
                "[{'insert':2},{'retain':4},{'insert':3}]") ==
        "[{'insert':2},{'insert':1},{'insert':'abc'},{'insert':3}]");
}

TEST_CASE("rich-text apply: an empty text swallows a component of the op, as in the reference") {
  CHECK(applied("[{'insert':''},{'insert':'abc'}]", "[{'delete':2}]") == "[{'insert':'abc'}]");
}

TEST_CASE("rich-text apply: past the end, retains and deletes stay in the document") {
  const std::string doc = "[{'insert':'a'}]";
  CHECK(applied(doc, "[{'retain':9}]") == doc);
  const std::string longer = "[{'insert':'a'},{'retain':2},{'insert':'x'}]";
  CHECK(applied(doc, "[{'retain':3},{'insert':'x'}]") == longer);
  CHECK(applied(doc, "[{'delete':3}]") == "[{'delete':2}]");
  CHECK(applied(longer, "[{'insert':'y'}]") == "[{'insert':'ya'},{'retain':2},{'insert':'x'}]");
}

TEST_CASE("rich-text apply: what is no list of components is refused and stays as it is") {
  for (const char* text : {"1", "{'ops':[]}", "[1]"}) {
    Json doc = json(text);
    const auto refused = RichText::apply(doc, op("[{'insert':'x'}]"));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Errc::op_not_applied);
    CHECK(doc == json(text));
  }
}

TEST_CASE("rich-text apply: copies of a document do not see edits of it") {
  Json doc = json(bold_ab);
  const Json copy = doc;
  REQUIRE(RichText::apply(doc, op("[{'retain':1},{'insert':'x'},{'delete':1}]")));
  CHECK(copy == json(bold_ab));
  CHECK(doc.printed_bytes() == notation(doc).size());
}

TEST_CASE("rich-text apply: many changes in a short document and few in a long one do as compose") {
  Random random(1);
  for (int i = 0; i < 20'000; ++i) {
    RichText::Op before;
    for (std::size_t left = random.below(24); left > 0; --left) {
      before.emplace_back(random_insert(random));
    }
    RichText::Op edits;
    for (std::size_t left = random.below(24); left > 0; --left) {
      edits.push_back(random_component(random));
    }
    Json doc = RichText::to_json(before);
    const Json copy = random.below(2) == 0 ? doc : Json();
    REQUIRE(RichText::apply(doc, edits));
    REQUIRE(notation(doc) == shown(RichText::compose(before, edits)));
    REQUIRE(doc.printed_bytes() == notation(doc).size());
    if (copy.is_array()) REQUIRE(notation(copy) == shown(before));
  }
}

TEST_CASE("rich-text transform: of two inserts at one place the right one comes first") {
  CHECK(transform("[{'insert':'x'}]", "[{'insert':'y'}]", Side::left) ==
        "[{'retain':1},{'insert':'x'}]");
  CHECK(transform("[{'insert':'x'}]", "[{'insert':'y'}]", Side::right) == "[{'insert':'x'}]");
}

TEST_CASE("rich-text transform: of two values for an attribute the right one stays") {
  const std::string red = "[{'retain':1,'attributes':{'color':'red','bold':true}}]";
  const std::string blue = "[{'retain':1,'attributes':{'color':'blue'}}]";
  CHECK(transform(red, blue, Side::left) == "[{'retain':1,'attributes':{'bold':true}}]");
  CHECK(transform(red, blue, Side::right) == red);
  CHECK(transform(blue, red, Side::left) == "[]");
  CHECK(transform(red, "[{'retain':1}]", Side::left) == red);
}

TEST_CASE("rich-text transform: what the other deleted is neither deleted nor formatted again") {
  CHECK(transform("[{'delete':3}]", "[{'retain':1},{'delete':1}]", Side::left) == "[{'delete':2}]");
  CHECK(transform("[{'retain':2,'attributes':{'bold':true}}]", "[{'delete':1}]", Side::left) ==
        "[{'retain':1,'attributes':{'bold':true}}]");
}

TEST_CASE("rich-text compose: an insert goes before a delete that comes last") {
  CHECK(compose("[{'delete':1}]", "[{'insert':'x'}]") == "[{'insert':'x'},{'delete':1}]");
  CHECK(compose("[{'insert':'a'},{'delete':1}]", "[{'retain':1},{'insert':'x'}]") ==
        "[{'insert':'ax'},{'delete':1}]");
}

TEST_CASE("rich-text compose: nulls stay on retains and remove attributes of inserts") {
  CHECK(compose("[{'retain':1,'attributes':{'bold':true}}]",
                "[{'retain':1,'attributes':{'bold':null}}]") ==
        "[{'retain':1,'attributes':{'bold':null}}]");
  CHECK(compose("[{'insert':'a','attributes':{'bold':true}}]",
                "[{'retain':1,'attributes':{'bold':null}}]") == "[{'insert':'a'}]");
}

TEST_CASE("rich-text compose: an insert that is deleted leaves nothing") {
  CHECK(compose("[{'insert':'ab'}]", "[{'delete':2}]") == "[]");
  CHECK(compose("[{'retain':1},{'insert':'ab'}]", "[{'retain':2},{'delete':2}]") ==
        "[{'retain':1},{'insert':'a'},{'delete':1}]");
}

TEST_CASE(
    "rich-text compose: leading and trailing components are not merged, those at the change are") {
  const std::string cut =
      "[{'insert':'a'},{'insert':'b'},{'insert':'c'},{'insert':'d'},{'insert':'e'}]";
  CHECK(compose(cut, "[{'retain':2},{'insert':1}]") ==
        "[{'insert':'a'},{'insert':'b'},{'insert':1},{'insert':'cd'},{'insert':'e'}]");
  CHECK(compose(cut, "[{'retain':2}]") == "[{'insert':'a'},{'insert':'bcde'}]");
}

TEST_CASE("rich-text compose: attributes that are empty survive where they are not met") {
  CHECK(compose("[{'insert':'a','attributes':{}},{'insert':'b'}]", "[{'retain':2},{'insert':1}]") ==
        "[{'insert':'a','attributes':{}},{'insert':'b'},{'insert':1}]");
  CHECK(compose("[{'insert':'a','attributes':{}}]", "[{'insert':1}]") ==
        "[{'insert':1},{'insert':'a'}]");
}

TEST_CASE("rich-text invert: inserts go, deletes come back, attributes are as before") {
  const std::string doc = "[{'insert':'ab'},{'insert':'cd','attributes':{'bold':true}}]";
  CHECK(inverse("[{'retain':1},{'insert':'x'}]", doc) == "[{'retain':1},{'delete':1}]");
  CHECK(inverse("[{'retain':1},{'delete':2}]", doc) ==
        "[{'retain':1},{'insert':'b'},{'insert':'c','attributes':{'bold':true}}]");
  CHECK(inverse("[{'retain':3,'attributes':{'bold':null,'color':'red'}}]", doc) ==
        "[{'retain':2,'attributes':{'bold':null,'color':null}},"
        "{'retain':1,'attributes':{'bold':true,'color':null}}]");
}

TEST_CASE("rich-text invert: an object as a value counts as changed, equal texts do not") {
  const std::string object = "[{'insert':'a','attributes':{'link':{'to':1}}}]";
  CHECK(inverse("[{'retain':1,'attributes':{'link':{'to':1}}}]", object) ==
        "[{'retain':1,'attributes':{'link':{'to':1}}}]");
  CHECK(inverse("[{'retain':1,'attributes':{'bold':true}}]", bold_ab) == "[]");
}

TEST_CASE("rich-text cursor: an insert at it moves it only if it is its owner's") {
  const auto insert = op("[{'retain':2},{'insert':'xy'}]");
  CHECK(RichText::transform_cursor(1, insert, RichText::Author::self) == 1);
  CHECK(RichText::transform_cursor(2, insert, RichText::Author::other) == 2);
  CHECK(RichText::transform_cursor(2, insert, RichText::Author::self) == 4);
  CHECK(RichText::transform_cursor(3, insert, RichText::Author::other) == 5);
}

TEST_CASE("rich-text cursor: a delete pulls it to its start") {
  const auto deletion = op("[{'retain':1},{'delete':3}]");
  CHECK(RichText::transform_cursor(2, deletion, RichText::Author::other) == 1);
  CHECK(RichText::transform_cursor(6, deletion, RichText::Author::other) == 3);
}

TEST_CASE("rich-text presence: both ends move, other fields stay, null stays null") {
  const auto presence = [](const char* range, const char* edits, RichText::Author author) {
    const auto moved = RichText::transform_presence(json(range), op(edits), author);
    return moved ? notation(*moved) : "error: " + moved.error().detail;
  };
  const auto other = RichText::Author::other;
  CHECK(presence("{'index':10,'length':2,'name':'x'}", "[{'retain':10},{'insert':'foo'}]", other) ==
        "{'index':10,'length':5,'name':'x'}");
  CHECK(presence("{'index':10,'length':2}", "[{'retain':10},{'insert':'foo'}]",
                 RichText::Author::self) == "{'index':13,'length':2}");
  CHECK(presence("null", "[]", other) == "null");
  CHECK(presence("{'index':1}", "[]", other) ==
        "error: a range needs a whole number as its length");
}
