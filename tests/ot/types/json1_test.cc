#include "ot/types/json1.h"

#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "ot/json_text.h"
#include "ot/types/parse.h"
#include "tests/support/json_notation.h"

using namespace segue::ot;
using segue::test::json;
using segue::test::notation;

namespace {

Json1::Op op(const std::string& text) {
  auto parsed = Json1::read(json(text));
  REQUIRE_MESSAGE(parsed, text);
  return *parsed;
}

std::string shown(const Result<Json1::Op>& edits) {
  return edits ? notation(Json1::to_json(*edits)) : "error: " + edits.error().detail;
}

std::string refusal(const std::string& in) {
  const auto parsed = Json1::parse(json(in));
  return parsed ? "taken" : parsed.error().detail;
}

bool is_valid(const std::string& in) { return Json1::check(json(in)).has_value(); }

// "" is an undefined document, also as a result.
std::string applied(const std::string& doc, const std::string& edits) {
  std::optional<Json> edited = doc.empty() ? std::nullopt : std::optional(json(doc));
  const auto before = edited;
  const auto done = Json1::apply(edited, op(edits));
  if (!done) {
    CHECK(edited == before);
    return "error: " + done.error().detail;
  }
  return edited ? notation(*edited) : "";
}

std::string compose(const std::string& first, const std::string& second) {
  return shown(Json1::compose(op(first), op(second)));
}

std::string invert(const std::string& edits) { return shown(Json1::invert(op(edits))); }

std::string complete(const std::string& edits, const std::string& doc) {
  return shown(Json1::make_invertible(op(edits), json(doc)));
}

std::string position(const std::string& path, const std::string& edits) {
  const auto moved = Json1::transform_position(*Json1::parse_path(json(path)), op(edits));
  if (!moved) return "error: " + moved.error().detail;
  return *moved ? notation(Json1::to_json(**moved)) : "gone";
}

const std::string nothing_there = "error: there is nothing at a place in the op";

}  // namespace

TEST_CASE("json1 parse: what is malformed is refused with the component and the rule") {
  const std::string one = "component 1: ";
  const std::string zero = "component 0: ";
  const std::string key = zero + "a key is a string, or a whole number from 0 to 2147483647";
  const std::string slot = zero + "a slot is a whole number from 0 to 2147483647";
  CHECK(refusal("1") == zero + "an op is null or a list");
  CHECK(refusal("{}") == zero + "an op is null or a list");
  CHECK(refusal("[]") == zero + "a descent is not empty");
  CHECK(refusal("['a']") == zero + "a descent does not end in a key");
  CHECK(refusal("[{'r':1},'a']") == one + "a descent does not end in a key");
  CHECK(refusal("[{'r':1},{'i':1}]") == one + "a component follows a key, or begins the op");
  CHECK(refusal("[['a',{'r':1}]]") == one + "a single descent goes on without a list of its own");
  CHECK(refusal("[['a',{'r':1}],['b',{'r':1}],'c']") == "component 2: no key follows a descent");
  CHECK(refusal("['a',[{'r':1}],['b',{'r':1}]]") == zero + "a descent begins with a key");
  for (const char* wrong : {"-1", "0.5", "2147483648", "1e300", "null", "true"}) {
    CHECK(refusal("[" + std::string(wrong) + ",{'r':1}]") == key);
    CHECK(refusal("['a',{'p':" + std::string(wrong) + "}]") == slot);
    CHECK(refusal("['a',{'d':" + std::string(wrong) + "}]") == slot);
  }
  CHECK(refusal("['__proto__',{'r':1}]") == zero + "__proto__ is no key");
  CHECK(refusal("['a',{}]") == zero + "it says nothing");
  CHECK(refusal("['a',{'x':1}]") == zero + "its fields are p, r, d, i, es, ena, et and e");
  CHECK(refusal("['a',{'p':0,'r':1}]") == zero + "p and r exclude each other");
  CHECK(refusal("['a',{'d':0,'i':1}]") == zero + "d and i exclude each other");
}

TEST_CASE("json1 parse: descents stand in order, indexes first, keys as JavaScript sorts them") {
  const std::string order = "component 1: descents stand in the order of their keys, indexes first";
  CHECK(refusal("[[1,{'r':1}],[0,{'r':1}]]") == order);
  CHECK(refusal("[['a',{'r':1}],[0,{'r':1}]]") == order);
  CHECK(refusal("[['a',{'r':1}],['a',{'r':1}]]") == order);
  CHECK(refusal("[[0,{'r':1}],['0',{'r':1}]]") == "taken");
  // U+1F600 begins with the code unit D83D, below that of U+FFFF.
  CHECK(refusal("[['\xF0\x9F\x98\x80',{'r':1}],['\xEF\xBF\xBF',{'r':1}]]") == "taken");
  CHECK(refusal("[['\xEF\xBF\xBF',{'r':1}],['\xF0\x9F\x98\x80',{'r':1}]]") == order);
}

TEST_CASE("json1 parse: slots are the numbers from 0, each picked once and dropped once") {
  const std::string rule = "slots are the numbers from 0, each picked up once and dropped once";
  for (const char* wrong : {"['a',{'p':0}]", "['a',{'d':0}]", "[['a',{'p':1}],['b',{'d':1}]]",
                            "[['a',{'p':0}],['b',{'p':0}],['c',{'d':0}],['d',{'d':1}]]",
                            "[['a',{'p':0}],['b',{'p':1}],['c',{'d':0}],['d',{'d':0}]]"}) {
    CHECK(refusal(wrong) == rule);
  }
  CHECK(refusal("[['a',{'p':1}],['b',{'p':0}],['c',{'d':0}],['d',{'d':1}]]") == "taken");
  CHECK(refusal("['a',{'p':0,'d':0}]") == "taken");
}

TEST_CASE("json1 parse: an edit is one of text or number, and is checked") {
  const std::string subtype = "component 0: an edit is one of text-unicode or number";
  const std::string together = "component 0: et and e go together";
  CHECK(refusal("[{'es':['x'],'ena':1}]") == "component 0: it has one edit at most");
  CHECK(refusal("[{'e':1}]") == subtype);
  CHECK(refusal("[{'et':'rich-text','e':[]}]") == subtype);
  CHECK(refusal("[{'et':'toString','e':[]}]") == subtype);
  CHECK(refusal("[{'et':'number'}]") == together);
  CHECK(refusal("[{'et':'number','es':['x']}]") == together);
  CHECK(refusal("[{'ena':'x'}]") == "component 0: what is added to a number is one");
  CHECK(refusal("[{'es':[1]}]") ==
        "component 0: edit of text: component 0: an op must not end in a skip");
  CHECK(refusal("[{'et':'text-unicode','e':7}]") ==
        "component 0: edit of text: a text-unicode op must be an array");
  CHECK(refusal("[{'et':'http://sharejs.org/types/text-unicode','e':['x']}]") == "taken");
}

TEST_CASE("json1 check: what edits say is not looked at, as in the reference") {
  CHECK(is_valid("null"));
  CHECK(is_valid("[{'es':7}]"));
  CHECK(is_valid("[{'ena':'x'}]"));
  CHECK(is_valid("[{'et':'anything'}]"));
  CHECK(is_valid("['constructor',{'i':1}]"));
  CHECK_FALSE(is_valid("[{'es':''}]"));
  CHECK_FALSE(is_valid("[{'ena':null}]"));
  CHECK_FALSE(is_valid("[{'et':'anything','es':['x']}]"));
}

TEST_CASE("json1 parse: texts are put in normal form, read() keeps them as they are") {
  const std::string loose = "[{'es':['x','y']}]";
  CHECK(shown(Json1::parse(json(loose))) == "[{'es':['xy']}]");
  CHECK(shown(Json1::read(json(loose))) == loose);
}

TEST_CASE("json1 parse: an op has at most as many components as every op") {
  const auto removes = [](std::size_t count) {
    std::vector<Json> list;
    for (std::size_t i = 0; i < count; ++i) {
      list.push_back(Json::array({Json(i), Json::object({{"r", true}})}));
    }
    return Json::array(std::move(list));
  };
  CHECK(Json1::parse(removes(op_components_max)));
  const auto refused = Json1::parse(removes(op_components_max + 1));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Errc::too_large);
  CHECK(Json1::parse(removes(op_components_max + 1), SIZE_MAX));
}

TEST_CASE("json1 parse: a path has at most as many elements as every path") {
  const auto path = [](std::size_t length) {
    std::vector<Json> list(length, Json("a"));
    list.push_back(Json::object({{"r", true}}));
    return Json::array(std::move(list));
  };
  CHECK(Json1::parse(path(op_path_length_max)));
  const auto refused = Json1::parse(path(op_path_length_max + 1));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Errc::too_large);
}

TEST_CASE("json1 parse: lists in lists 10,000 deep are refused without going down there") {
  Json in = Json::array({Json("z"), Json::object({{"r", true}})});
  for (int depth = 0; depth < 10'000; ++depth) {
    in = Json::array({Json("a"), in, Json::array({Json("b"), Json::object({{"r", true}})})});
  }
  const auto refused = Json1::parse(in);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Errc::too_large);
}

TEST_CASE("json1: what is read is printed as it was, edits in their spelling") {
  for (const char* same :
       {"null", "[{'i':1}]", "[{'r':null,'i':{'a':[]}}]", "['a',0,{'r':false},'b',{'i':null}]",
        "[['a',{'p':0}],['b',{'d':0,'es':[1,'x']}]]", "[{'et':'number','e':2}]",
        "[{'et':'text-unicode','e':['x']}]"}) {
    CHECK(shown(op(same)) == same);
  }
}

TEST_CASE("json1 apply: all is taken first, then all is put, in the places after it") {
  CHECK(applied("[1,2,3]", "[[0,{'p':0}],[2,{'d':0}]]") == "[2,3,1]");
  CHECK(applied("[1,2,3]", "[[0,{'r':true}],[1,{'r':true,'i':9}]]") == "[3,9]");
  CHECK(applied("{'a':1,'b':2}", "[['a',{'p':0,'d':1}],['b',{'p':1,'d':0}]]") == "{'a':2,'b':1}");
}

TEST_CASE("json1 apply: what is picked out of a thing that is taken is not in it any more") {
  CHECK(applied("{'a':{'b':1,'c':2}}", "[['a',{'p':0},'b',{'p':1}],['d',{'d':1}],['e',{'d':0}]]") ==
        "{'d':1,'e':{'c':2}}");
}

TEST_CASE("json1 apply: into what was just put can be put, and it can be edited") {
  CHECK(applied("{}", "['a',{'i':{}},'b',{'i':[]},0,{'i':1}]") == "{'a':{'b':[1]}}");
  CHECK(applied("{'a':'x'}", "[['a',{'p':0}],['b',{'d':0,'es':[1,'y']}]]") == "{'b':'xy'}");
  CHECK(applied("{'n':1}", "['n',{'ena':-2.5}]") == "{'n':-1.5}");
}

TEST_CASE(
    "json1: a node has as many children as are made, in their order, and a copy has them too") {
  json1::Tree tree = json1::Tree::make();
  for (std::int64_t index = 1000; index-- > 0;) {
    tree->child(json1::Key(index * 7 % 1000)).component.insert = Json(index);
    tree->child(json1::Key("key " + std::to_string(index)));  // nothing happens there
  }
  CHECK(tree->children.size() == 2000);
  const auto sealed = json1::Op::seal(std::move(tree));
  REQUIRE(sealed);
  Json1::Op copy;
  copy = *sealed;
  CHECK(copy == *sealed);
  REQUIRE(copy.root()->children.size() == 1000);
  for (std::int64_t index = 0; index < 1000; ++index) {
    const json1::Node& child = *copy.root()->children[static_cast<std::size_t>(index)];
    CHECK(child.key == json1::Key(index));
    CHECK(child.parent == copy.root());
  }
}

TEST_CASE("json1: indexes come before keys, and these in the order of their UTF-16 units") {
  std::vector<json1::Key> keys;
  for (const std::int64_t index : {0, 2, 300}) keys.emplace_back(index);
  for (const std::string& name :
       {std::string(), std::string(1, '\0'), std::string("A"), std::string("a"),
        std::string("a\0", 2), std::string("aa"), std::string("b"), std::string(30, 'z'),
        std::string(31, 'z'), std::string("\xC3\xA9"), std::string("\xED\x9F\xBF"),
        std::string("\xF0\x9F\x98\x80"), std::string("\xEE\x80\x80"),
        std::string("\xEF\xBF\xBD")}) {
    keys.emplace_back(name);
  }
  for (std::size_t i = 0; i < keys.size(); ++i) {
    for (std::size_t j = 0; j < keys.size(); ++j) {
      CHECK((keys[i] <=> keys[j]) == (i <=> j));
      json1::Key copy = keys[i];
      copy = keys[j];
      CHECK(copy == keys[j]);
    }
  }
}

TEST_CASE("json1 apply: a document may be made and removed") {
  CHECK(applied("", "[{'i':{'a':1}}]") == "{'a':1}");
  CHECK(applied("1", "[{'r':true}]") == "");
  CHECK(applied("1", "[{'i':2}]") == "error: there is a document already");
  CHECK(applied("", "null") == "");
}

TEST_CASE("json1 apply: where null stands for no document, an insert over it is one") {
  Json doc;
  REQUIRE(Json1::apply(doc, op("[{'i':[1]}]")));
  CHECK(doc == json("[1]"));
  REQUIRE(Json1::apply(doc, op("[{'r':true}]")));
  CHECK(doc == Json());
}

TEST_CASE("json1 apply: what does not fit is refused, and nothing is changed") {
  CHECK(applied("{}", "['a',{'r':true}]") == nothing_there);
  CHECK(applied("[]", "[0,{'p':0,'d':0}]") == nothing_there);
  CHECK(applied("{}", "['a','b',{'i':1}]") == nothing_there);
  CHECK(applied("{}", "['a',{'es':['x']}]") == nothing_there);
  CHECK(applied("{'a':1}", "[0,{'r':true}]") == nothing_there);
  CHECK(applied("[1]", "['0',{'r':true}]") == nothing_there);
  CHECK(applied("{'a':1}", "['a',{'i':2}]") ==
        "error: there is something at the key of an object already");
  CHECK(applied("{}", "['toString',{'i':2}]") ==
        "error: there is something at the key of an object already");
  CHECK(applied("[1]", "[2,{'i':2}]") == "error: the index is past the end of a list");
  CHECK(applied("{}", "[0,{'i':2}]") == "error: only a list has indexes");
  CHECK(applied("[]", "['a',{'i':2}]") == "error: only an object has keys");
  CHECK(applied("'x'", "[{'ena':2}]") == "error: only to a number can be added");
  CHECK(applied("1e308", "[{'ena':1e308}]") == "error: the sum is no number");
  CHECK(applied("1", "[{'es':['x']}]") == "error: only a text is edited as one");
  CHECK(applied("'\\ud83d'", "[{'es':['x']}]") ==
        "error: a text with a lone surrogate is not edited");
  CHECK(applied("[1,2]", "[[0,{'r':true}],[1,{'r':true},'a',{'r':true}]]") == nothing_there);
}

TEST_CASE("json1 apply: whatever was done before is taken back, down to the order of keys") {
  const std::string doc = "{'a':1,'b':[1,{'x':'u\\u00e9'},3],'c':'abc','7':{}}";
  for (const std::string part :
       {"['a',{'r':true}]", "['b',1,{'r':true}]", "['b',1,'x',{'r':true,'i':2}]",
        "['b',[0,{'p':0}],[1,{'r':true},'x',{'p':1}],[2,{'d':0}],[3,{'d':1}]]",
        "[['7',{'p':0}],['b',{'r':true}],['d',{'d':0},'y',{'i':[]}]]", "['a',{'ena':4}]",
        "['b',1,'x',{'es':[1,{'d':'w'},'v']}]", "['c',{'es':['zz',1,{'d':9}]}]",
        "['c',{'es':[2,'longer than a word']}]", "['c',{'es':[1,{'d':1}]}]",
        "['c',{'es':[{'d':1},{'d':'b'}]}]", "['e',{'i':'s','es':['t']}]"}) {
    Json edits = json(part);
    if (!edits[0].is_array()) edits = Json::array({edits});
    edits.push_back(json("['z','z',{'i':1}]"));
    Json edited = json(doc);
    REQUIRE_FALSE(Json1::apply(edited, *Json1::read(edits)));
    CHECK_MESSAGE(json_text(edited) == json_text(json(doc)), part);
  }
  Json root = json("{'a':[1]}");
  CHECK_FALSE(
      Json1::apply(root, op("[{'r':true,'i':[2]},[0,{'d':0}],['a',{'p':0}],['z',{'i':1}]]")));
  CHECK(root == json("{'a':[1]}"));
}

TEST_CASE("json1 compose: nothing changes nothing, and what comes back comes back as it was") {
  const std::string worded = "[{'et':'number','e':2}]";
  CHECK(compose("null", worded) == worded);
  CHECK(compose(worded, "null") == worded);
  CHECK(compose("null", "null") == "null");
}

TEST_CASE("json1 compose: moves in a row are one move") {
  CHECK(compose("[['a',{'p':0}],['b',{'d':0}]]", "[['b',{'p':0}],['c',{'d':0}]]") ==
        "[['a',{'p':0}],['c',{'d':0}]]");
  CHECK(compose("[[0,{'p':0}],[2,{'d':0}]]", "[[0,{'d':0}],[2,{'p':0}]]") == "[0,{'p':0,'d':0}]");
}

TEST_CASE("json1 compose: what was put and is removed was never there") {
  CHECK(compose("['a',{'i':1}]", "['a',{'r':true}]") == "null");
  CHECK(compose("[['a',{'p':0}],['b',{'d':0}]]", "['b',{'r':true}]") == "['a',{'r':true}]");
  CHECK(compose("[['a',{'p':0}],['b','c',{'d':0}]]", "['b',{'r':7}]") ==
        "[['a',{'r':true}],['b',{'r':7}]]");
}

TEST_CASE("json1 compose: what was inserted is inserted as it is in the end") {
  CHECK(compose("['a',{'i':{'b':1,'c':2}}]", "['a','b',{'r':true}]") == "['a',{'i':{'c':2}}]");
  CHECK(compose("['a',{'i':[1,2,3]}]", "[['a',1,{'p':0}],['b',{'d':0}]]") ==
        "[['a',{'i':[1,3]}],['b',{'i':2}]]");
  CHECK(compose("['a',{'i':1}]", "[['a',{'p':0}],['b',{'d':0}]]") == "['b',{'i':1}]");
}

TEST_CASE("json1 compose: edits of one value are one edit, or none if they cancel") {
  CHECK(compose("[{'es':['x']}]", "[{'es':[1,'y']}]") == "[{'es':['xy']}]");
  CHECK(compose("[{'es':['x']}]", "[{'es':[{'d':1}]}]") == "null");
  CHECK(compose("[{'ena':1}]", "[{'ena':-1}]") == "[{'ena':0}]");
  CHECK(compose("[{'ena':1}]", "[{'es':['x']}]") == "error: two edits of one value differ in type");
  CHECK(compose("[{'ena':1e308}]", "[{'ena':1e308}]") == "error: the sum is no number");
}

TEST_CASE("json1 compose: ops that cannot follow each other are refused") {
  const std::string strangers = "error: these ops cannot be of one document";
  CHECK(compose("['a',{'i':1}]", "['a',{'i':2}]") == strangers);
  CHECK(compose("['a',{'i':{}}]", "['a','b',{'r':true}]") == strangers);
}

TEST_CASE("json1 normalize: slots are numbered along the tree, edits that do nothing go") {
  CHECK(notation(Json1::to_json(
            Json1::normalize(op("[['a',{'p':1}],['b',{'p':0}],['c',{'d':1}],['d',{'d':0}]]")))) ==
        "[['a',{'p':0}],['b',{'p':1}],['c',{'d':0}],['d',{'d':1}]]");
  CHECK(notation(Json1::to_json(Json1::normalize(op("[['a',{'es':[]}],['b',{'ena':0}]]")))) ==
        "['b',{'ena':0}]");
  CHECK(notation(Json1::to_json(Json1::normalize(op("[{'et':'number','e':1}]")))) == "[{'ena':1}]");
}

TEST_CASE(
    "json1 invert: what was taken is put, what was put is taken, edits go back to the source") {
  CHECK(invert("['a',{'r':1}]") == "['a',{'i':1}]");
  CHECK(invert("[['a',{'p':0}],['b',{'d':0,'es':['x']}]]") ==
        "[['a',{'d':0,'es':[{'d':'x'}]}],['b',{'p':0}]]");
  CHECK(invert("[[0,{'r':5}],[1,{'ena':2}]]") == "[[0,{'i':5}],[2,{'ena':-2}]]");
  CHECK(invert("['a',{'es':[{'d':1}]}]") == "error: a delete must say its text to be inverted");
}

TEST_CASE("json1 invert: an edit in an inserted value is part of what is removed again") {
  CHECK(invert("['a',{'i':{'b':1}},'b',{'ena':2}]") == "['a',{'r':{'b':3}}]");
  CHECK(invert("['a',{'i':1,'es':['x']}]") == "error: only a text is edited as one");
  CHECK(invert("['a',{'i':{'b':1}},'c',{'ena':2}]") ==
        "error: there is nothing where the op edits what it inserts");
}

TEST_CASE("json1 makeInvertible: removes and deletes say what they take") {
  CHECK(complete("['a',{'r':true}]", "{'a':{'b':1}}") == "['a',{'r':{'b':1}}]");
  CHECK(complete("[['a',{'r':true},'b',{'p':0}],['c',{'d':0}]]", "{'a':{'b':1,'d':2}}") ==
        "[['a',{'r':{'d':2}},'b',{'p':0}],['c',{'d':0}]]");
  CHECK(complete("[0,{'r':true,'es':[{'d':1}]}]", "[1,'xy']") == "[0,{'r':1,'es':[{'d':'x'}]}]");
  CHECK(complete("['a',{'p':0,'d':0}]", "{}") == "['a',{'p':0,'d':0}]");
  CHECK(complete("['a',{'r':true}]", "{}") ==
        "error: there is nothing where the op takes something");
  CHECK(complete("['a',{'es':['x']}]", "{'a':1}") ==
        "error: there is no text where the op edits one");
}

TEST_CASE("json1 transformPosition: a place follows what it is in, or is gone") {
  CHECK(position("[2,'a']", "[0,{'r':true}]") == "[1,'a']");
  CHECK(position("[2,'a']", "[2,{'r':true}]") == "gone");
  CHECK(position("[2,'a']", "[[0,{'i':1}],[2,{'p':0}],[3,'x',{'d':0}]]") == "[3,'x','a']");
  CHECK(position("[0,'a']", "[[0,{'r':true},'a',{'p':0}],[1,{'d':0}]]") == "[1]");
  CHECK(position("['a',3]", "['a',{'es':[1,'xy']}]") == "['a',5]");
  CHECK(position("['a','b']", "['a',{'es':[1,'xy']}]") == "error: a place in a text is a number");
  CHECK(position("[]", "null") == "[]");
}

TEST_CASE("json1 diff: it is what json0 finds, in one op") {
  const auto diff = [](const std::string& from, const std::string& to) {
    return notation(Json1::to_json(Json1::diff(json(from), json(to))));
  };
  CHECK(diff("{'a':1}", "{'a':1}") == "null");
  CHECK(diff("{'a':1,'b':2}", "{'b':3,'c':4}") ==
        "[['a',{'r':1}],['b',{'r':2,'i':3}],['c',{'i':4}]]");
  CHECK(diff("[{'id':1},{'id':2}]", "[{'id':2},{'id':1}]") == "[[0,{'p':0}],[1,{'d':0}]]");
  CHECK(diff("{'t':'a text that is long enough to be edited'}",
             "{'t':'a text that is long enough to be edited!'}") == "['t',{'es':[39,'!']}]");
  CHECK(diff("1", "'\\ud83d'") == "[{'r':1,'i':'\\ud83d'}]");
}
