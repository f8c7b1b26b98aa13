// json0: parse, apply, compose, invert. Transforms are in json0_transform_test.cc.
#include "ot/types/json0.h"

#include <string>
#include <utility>

#include <doctest/doctest.h>

#include "ot/json_text.h"
#include "ot/types/parse.h"
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

std::string applied(const std::string& doc, const std::string& edits) {
  const Json before = json(doc);
  Json edited = before;
  const auto done = Json0::apply(edited, op(edits));
  if (done) return notation(edited);
  CHECK(edited == before);
  return "error: " + done.error().detail;
}

std::string compose(const std::string& first, const std::string& second) {
  const auto composed = Json0::compose(op(first), op(second));
  return composed ? notation(Json0::to_json(*composed)) : "error: " + composed.error().detail;
}

std::string invert(const std::string& edits) {
  return notation(Json0::to_json(*Json0::invert(op(edits))));
}

Error parse_error(const std::string& text) {
  const auto parsed = Json0::parse(json(text));
  return parsed ? Error{} : parsed.error();
}

}  // namespace

TEST_CASE("json0 apply: each instruction does what its name says") {
  CHECK(applied("{'n':1}", "[{'p':['n'],'na':2}]") == "{'n':3}");
  CHECK(applied("[1,2]", "[{'p':[1],'li':9}]") == "[1,9,2]");
  CHECK(applied("[1,2]", "[{'p':[0],'ld':1}]") == "[2]");
  CHECK(applied("[1,2]", "[{'p':[0],'ld':1,'li':9}]") == "[9,2]");
  CHECK(applied("[1,2,3]", "[{'p':[0],'lm':2}]") == "[2,3,1]");
  CHECK(applied("{'a':1}", "[{'p':['b'],'oi':null}]") == "{'a':1,'b':null}");
  CHECK(applied("{'a':1,'b':2}", "[{'p':['a'],'od':1}]") == "{'b':2}");
  CHECK(applied("{'a':1,'b':2}", "[{'p':['a'],'od':1,'oi':9}]") == "{'a':9,'b':2}");
  CHECK(applied("{'s':'ac'}", "[{'p':['s'],'t':'text0','o':[{'p':1,'i':'b'}]}]") == "{'s':'abc'}");
  CHECK(applied("{'s':'ac'}", "[{'p':['s',1],'si':'b'}]") == "{'s':'abc'}");
  CHECK(applied("{'s':'abc'}", "[{'p':['s',1],'sd':'b'}]") == "{'s':'ac'}");
}

TEST_CASE("json0 apply: the root can be replaced, removed and edited") {
  CHECK(applied("1", "[{'p':[],'od':1,'oi':{}},{'p':['a'],'oi':2}]") == "{'a':2}");
  CHECK(applied("1", "[{'p':[],'od':1}]") == "null");
  CHECK(applied("1", "[{'p':[],'na':1}]") == "2");
  CHECK(applied("'ab'", "[{'p':[1],'si':'x'}]") == "'axb'");
}

TEST_CASE("json0 apply: a document is undefined after its root was removed, until one is put in") {
  CHECK(Json0::leaves_undefined(op("[{'p':['a'],'oi':1},{'p':[],'od':1}]"), false));
  CHECK_FALSE(Json0::leaves_undefined(op("[{'p':[],'od':1},{'p':[],'oi':null}]"), true));
  CHECK(Json0::leaves_undefined({}, true));
}

TEST_CASE("json0 apply: a removed value is never compared with the document") {
  CHECK(applied("{'a':1}", "[{'p':['a'],'od':'something else'}]") == "{}");
  CHECK(applied("{}", "[{'p':['a'],'od':1}]") == "{}");
}

TEST_CASE(
    "json0 apply: list places out of range are clamped, and negative ones count from the end") {
  CHECK(applied("[1]", "[{'p':[9],'li':2}]") == "[1,2]");
  CHECK(applied("[1,2]", "[{'p':[-1],'li':9}]") == "[1,9,2]");
  CHECK(applied("[1,2]", "[{'p':[-1],'ld':2}]") == "[1]");
  CHECK(applied("[1]", "[{'p':[1],'ld':2}]") == "[1]");
  CHECK(applied("[1,2,3]", "[{'p':[0],'lm':9}]") == "[2,3,1]");
  CHECK(applied("[1,2,3]", "[{'p':[0],'lm':-1}]") == "[2,1,3]");
  CHECK(applied("[1,2]", "[{'p':[5],'lm':0}]") == "[null,1,2]");
}

TEST_CASE("json0 apply: a replacement beyond the end pads with nulls, up to a bound for the op") {
  CHECK(applied("[1]", "[{'p':[3],'ld':null,'li':2}]") == "[1,null,null,2]");
  Json doc = Json::array();
  REQUIRE(Json0::apply(doc, op("[{'p':[65536],'ld':0,'li':1}]")));
  CHECK(doc.size() == 65'537);
  Json other = Json::array();
  const auto refused =
      Json0::apply(other, op("[{'p':[65535],'ld':0,'li':1},{'p':[65538],'ld':0,'li':1}]"));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Errc::too_large);
  CHECK(other == Json::array());
}

TEST_CASE(
    "json0 apply: a key that spells an index acts as one on a list and as a key on an object") {
  CHECK(applied("[[1]]", "[{'p':['0','0'],'li':5}]") == "[[5,1]]");
  CHECK(applied("{'0':[1]}", "[{'p':['0',0],'li':5}]") == "{'0':[5,1]}");
  CHECK(applied("[1,2,3]", "[{'p':['0'],'lm':'2'}]") == "[2,3,1]");
  CHECK(applied("[[1]]", "[{'p':['00','0'],'li':5}]") ==
        "error: component 0: li and ld need a list at their path");
}

TEST_CASE("json0 apply: an instruction needs its kind of value at its path") {
  CHECK(applied("{'a':'x'}", "[{'p':['a'],'na':1}]") ==
        "error: component 0: na needs a number to add to");
  CHECK(applied("{}", "[{'p':['a','b'],'oi':1}]") ==
        "error: component 0: oi and od need an object at their path");
  CHECK(applied("{}", "[{'p':[0],'li':1}]") ==
        "error: component 0: li and ld need a list at their path");
  CHECK(applied("[[]]", "[{'p':[0,'a'],'oi':1}]") ==
        "error: component 0: oi and od need an object at their path");
  CHECK(applied("{'a':1}", "[{'p':['a',0],'si':'x'}]") ==
        "error: component 0: there is no string at the path");
  CHECK(applied("{'0':{}}", "[{'p':[0,'a'],'oi':1}]") ==
        "error: component 0: oi and od need an object at their path");
}

TEST_CASE("json0 apply: a sum that is not finite is refused") {
  CHECK(applied("1e308", "[{'p':[],'na':1e308}]") ==
        "error: component 0: na would make more than a number holds");
}

TEST_CASE("json0 apply: a later component that fails takes the earlier ones back") {
  CHECK(applied("{'a':1}", "[{'p':['a'],'na':1},{'p':['b'],'na':1}]") ==
        "error: component 1: na needs a number to add to");
}

TEST_CASE("json0 apply: whatever an instruction did is taken back, down to the order of keys") {
  const std::string doc = "{'a':1,'b':[1,2,3],'c':'abc','7':{'x':[]}}";
  for (const std::string part :
       {"{'p':['a'],'na':2}", "{'p':['a'],'od':1}", "{'p':['7'],'od':{}}", "{'p':['a'],'oi':[]}",
        "{'p':['z'],'oi':1}", "{'p':['b',1],'ld':2}", "{'p':['b',9],'ld':2}",
        "{'p':['b',1],'li':2}", "{'p':['b',-1],'li':2}", "{'p':['b',0],'ld':1,'li':2}",
        "{'p':['b',5],'ld':1,'li':2}", "{'p':['b',0],'lm':2}", "{'p':['b',2],'lm':0}",
        "{'p':['b',9],'lm':0}", "{'p':['c',1],'si':'x'}", "{'p':['c',1],'sd':'b'}",
        "{'p':['c'],'t':'text0','o':[{'p':9,'i':'x'},{'p':0,'d':'ab'}]}", "{'p':[],'od':1}",
        "{'p':['7','x'],'od':[]}"}) {
    Json edited = json(doc);
    const auto edits = op("[" + part + ",{'p':['7','x',0],'na':1}]");
    REQUIRE_FALSE(Json0::apply(edited, edits));
    CHECK_MESSAGE(json_text(edited) == json_text(json(doc)), part);
  }
}

TEST_CASE("json0 apply: a path of 5,000 levels is gone down and up again") {
  Json doc = 1;
  Json0::Path path;
  for (int i = 0; i < 5'000; ++i) {
    doc = Json::array({std::move(doc)});
    path.emplace_back(0);
  }
  REQUIRE(Json0::apply(doc, {{path, Json0::NumberAdd{9}}}));
  CHECK(doc.printed_bytes() == 10'002);
  const Json0::NumberAdd add{1};
  CHECK_FALSE(Json0::apply(doc, {{path, add}, {{"x"}, add}}));
  CHECK(doc.printed_bytes() == 10'002);
}

TEST_CASE("json0 apply: names of JavaScript's own objects are plain keys in data") {
  CHECK(
      applied("{}", "[{'p':['a'],'oi':{'constructor':1,'__proto__':2}},{'p':['a','b'],'oi':3}]") ==
      "{'a':{'constructor':1,'__proto__':2,'b':3}}");
}

TEST_CASE("json0 parse: paths are strings and numbers, but no names of JavaScript's own objects") {
  const Error refused{Errc::op_not_applied, "Invalid path segment"};
  for (const char* path : {"['__proto__']", "['a','constructor',0]", "['toString']", "[['a']]",
                           "[true]", "[null]", "[{}]"}) {
    CHECK(parse_error("[{'p':" + std::string(path) + ",'oi':1}]") == refused);
  }
}

TEST_CASE("json0 parse: the faults that ShareDB names keep its words") {
  CHECK(parse_error("{}") == Error{Errc::op_badly_formed, "json0 op must be an array"});
  for (const char* bad : {"[1]", "[null]", "[{'oi':1}]", "[{'p':'a','oi':1}]"}) {
    CHECK(parse_error(bad) == Error{Errc::op_badly_formed, "Missing path"});
  }
}

TEST_CASE("json0 parse: every other fault says its component and the rule") {
  CHECK(parse_error("[{'p':[],'oi':1},{'p':[],'na':'1'}]") ==
        Error{Errc::op_badly_formed, "component 1: na must be a number"});
  for (const char* bad :
       {"[{'p':[]}]", "[{'p':['a'],'oi':1,'li':1}]", "[{'p':['a'],'si':'x','sd':'y'}]",
        "[{'p':['a'],'oi':1,'x':1}]", "[{'p':['a'],'li':1}]", "[{'p':[],'ld':1}]",
        "[{'p':[0],'lm':1.5}]", "[{'p':[0],'lm':'x'}]", "[{'p':[1.5],'li':1}]",
        "[{'p':['s','0'],'si':'x'}]", "[{'p':['s',-1],'si':'x'}]", "[{'p':['s',0],'si':1}]",
        "[{'p':[0],'oi':1}]", "[{'p':['s'],'t':'other','o':[]}]", "[{'p':['s'],'t':'text0'}]",
        "[{'p':['s'],'t':'text0','o':{}}]"}) {
    CHECK_MESSAGE(parse_error(bad).code == Errc::op_badly_formed, bad);
    CHECK_MESSAGE(parse_error(bad).detail.substr(0, 13) == "component 0: ", bad);
  }
}

TEST_CASE("json0 parse: components, with those of text, and paths are bounded") {
  const Json component = json("{'p':['a'],'na':1}");
  CHECK(Json0::parse(Json::array(std::vector<Json>(op_components_max, component))).has_value());
  const auto many = Json0::parse(Json::array(std::vector<Json>(op_components_max + 1, component)));
  REQUIRE_FALSE(many.has_value());
  CHECK(many.error().code == Errc::too_large);

  const auto with_path = [](std::size_t length) {
    const Json path = Json::array(std::vector<Json>(length, Json("a")));
    return Json0::parse(Json::array({Json::object({{"p", path}, {"oi", 1}})}));
  };
  CHECK(with_path(op_path_length_max).has_value());
  REQUIRE_FALSE(with_path(op_path_length_max + 1).has_value());
  CHECK(with_path(op_path_length_max + 1).error().code == Errc::too_large);
}

TEST_CASE("json0 compose: edits of one number or string merge, and a sum of 0 stays") {
  CHECK(compose("[{'p':['n'],'na':1}]", "[{'p':['n'],'na':-1}]") == "[{'p':['n'],'na':0}]");
  CHECK(compose("[{'p':['s',0],'si':'a'}]", "[{'p':['s',1],'si':'b'}]") ==
        "[{'p':['s',0],'si':'ab'}]");
  CHECK(compose("[{'p':['s'],'t':'text0','o':[{'p':0,'i':'a'}]}]",
                "[{'p':['s'],'t':'text0','o':[{'p':1,'i':'b'}]}]") ==
        "[{'p':['s'],'t':'text0','o':[{'p':0,'i':'ab'}]}]");
  CHECK(compose("[{'p':['s',0],'si':'a'}]", "[{'p':['s'],'t':'text0','o':[]}]") ==
        "[{'p':['s',0],'si':'a'},{'p':['s'],'t':'text0','o':[]}]");
}

TEST_CASE("json0 compose: numbers that add up to infinity are refused") {
  CHECK(compose("[{'p':[],'na':1e308}]", "[{'p':[],'na':1e308}]") ==
        "error: two na add up to more than a number holds");
}

TEST_CASE("json0 compose: a list insert and its delete cancel for primitives only") {
  CHECK(compose("[{'p':[0],'li':null}]", "[{'p':[0],'ld':null}]") == "[]");
  CHECK(compose("[{'p':[0],'ld':1,'li':2}]", "[{'p':[0],'ld':2}]") == "[{'p':[0],'ld':1}]");
  CHECK(compose("[{'p':[0],'li':[]}]", "[{'p':[0],'ld':[]}]") ==
        "[{'p':[0],'li':[]},{'p':[0],'ld':[]}]");
}

TEST_CASE("json0 compose: object edits of one key merge") {
  CHECK(compose("[{'p':['a'],'od':1}]", "[{'p':['a'],'oi':2}]") == "[{'p':['a'],'od':1,'oi':2}]");
  CHECK(compose("[{'p':['a'],'oi':1}]", "[{'p':['a'],'od':1,'oi':2}]") == "[{'p':['a'],'oi':2}]");
  CHECK(compose("[{'p':['a'],'oi':1}]", "[{'p':['a'],'od':1}]") == "[]");
  CHECK(compose("[{'p':['a'],'od':1,'oi':2}]", "[{'p':['a'],'od':2}]") == "[{'p':['a'],'od':1}]");
}

TEST_CASE("json0 compose: a move to its own place goes, unless it comes first") {
  CHECK(compose("[{'p':[0],'li':1}]", "[{'p':[0],'lm':0}]") == "[{'p':[0],'li':1}]");
  CHECK(compose("[]", "[{'p':[0],'lm':0}]") == "[{'p':[0],'lm':0}]");
}

TEST_CASE("json0 invert: every instruction is swapped, in reverse order") {
  CHECK(invert("[{'p':[1],'lm':2},{'p':['s',1],'si':'x'},{'p':['s',1],'sd':'y'}]") ==
        "[{'p':['s',1],'si':'y'},{'p':['s',1],'sd':'x'},{'p':[2],'lm':1}]");
  CHECK(invert("[{'p':[0],'ld':1,'li':2},{'p':['a'],'oi':3}]") ==
        "[{'p':['a'],'od':3},{'p':[0],'ld':2,'li':1}]");
  CHECK(invert("[{'p':['n'],'na':0},{'p':['s'],'t':'text0','o':[{'p':0,'i':'x'}]}]") ==
        "[{'p':['s'],'t':'text0','o':[{'p':0,'d':'x'}]},{'p':['n'],'na':0}]");
}

TEST_CASE("json0 normalize: a bare component and a missing path are mended") {
  CHECK(notation(Json0::to_json(*Json0::normalize(json("{'oi':3}")))) == "[{'p':[],'oi':3}]");
}

TEST_CASE("json0 can_affect: a component affects paths beside and above it, not below it") {
  const auto component = op("[{'p':['a','b'],'oi':1}]")[0];
  CHECK(Json0::can_affect(component, {std::string("a"), std::string("c")}));
  CHECK(Json0::can_affect(component, {std::string("a")}));
  CHECK_FALSE(Json0::can_affect(component, {std::string("a"), std::string("b"), Json0::Index{0}}));
}
