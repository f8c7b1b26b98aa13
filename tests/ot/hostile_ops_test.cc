// What every type does with ops that nobody well-meaning sends: a stable error that names the
// component and the rule, in memory that grows with the op and not faster.
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include "ot/builtin_types.h"
#include "ot/json_text.h"
#include "tests/support/allocations.h"
#include "tests/support/json_notation.h"

using namespace segue::ot;
using segue::test::bytes_allocated_by;
using segue::test::json;

namespace {

std::string refusal(std::string_view type, const Json& op) {
  const auto parsed = find_type(type)->parse(op);
  if (parsed) return "taken";
  CHECK(parsed.error().code != Errc::uncoded);
  return parsed.error().detail;
}

// What is wrong with the op, in the words of its type. "Missing path" and "Invalid path segment"
// are ShareDB's, which its clients know.
struct Row {
  const char* type;
  const char* op;
  const char* refusal;
};

constexpr const char* production = "segue:production/1";

const std::vector<Row> malformed = {
    {"json0", "{}", "json0 op must be an array"},
    {"json0", "[1]", "Missing path"},
    {"json0", "[{'na':1}]", "Missing path"},
    {"json0", "[{'p':['a'],'na':1},{'p':'a','na':1}]", "Missing path"},
    {"json0", "[{'p':['a']}]", "component 0: exactly one instruction is wanted"},
    {"json0", "[{'p':['a'],'na':1,'oi':1}]", "component 0: exactly one instruction is wanted"},
    {"json0", "[{'p':['a'],'na':'1'}]", "component 0: na must be a number"},
    {"json0", "[{'p':['a'],'na':1},{'p':[0.5],'li':1}]",
     "component 1: a path element must be a string or a whole number"},
    {"json0", "[{'p':[1e300],'li':1}]",
     "component 0: a path element must be a string or a whole number"},
    {"json0", "[{'p':[9007199254740993],'ld':1}]",
     "component 0: a path element must be a string or a whole number"},
    {"json0", "[{'p':[0],'lm':1e300}]", "component 0: lm must be a whole number"},
    {"json0", "[{'p':['__proto__'],'oi':1}]", "Invalid path segment"},
    {"json0", "[{'p':['a','constructor'],'od':1}]", "Invalid path segment"},
    {"json0", "[{'p':['a',null],'od':1}]", "Invalid path segment"},
    {"json0", "[{'p':['a'],'__proto__':1}]",
     "component 0: there is a field that json0 does not know"},
    {"json0", "[{'p':['a'],'t':'text0','o':[{'p':-1,'i':'x'}]}]",
     "component 0: component 0: p must be a whole number from 0"},
    {"json0", "[{'p':['a'],'t':'text0','o':[{'p':1e300,'i':'x'}]}]",
     "component 0: component 0: p must be a whole number from 0"},
    {"json0", "[{'p':['a'],'t':'toString','o':[]}]", "component 0: the only subtype is text0"},
    {"json0", "[{'p':['a'],'si':'x'}]",
     "component 0: si and sd need a path that ends in a position, a number from 0"},
    {"json0", "[{'p':['a',-1],'sd':'x'}]",
     "component 0: si and sd need a path that ends in a position, a number from 0"},
    {"json0", "[{'p':['a','b'],'lm':0}]",
     "component 0: a list instruction needs a path that ends in an index"},
    {"json0", "[{'p':[0],'oi':0}]",
     "component 0: an object instruction needs a path that ends in a key, a string"},
    {"json1", "{}", "component 0: an op is null or a list"},
    {"json1", "[]", "component 0: a descent is not empty"},
    {"json1", "[['b',{'r':1}],['a',{'r':1}]]",
     "component 1: descents stand in the order of their keys, indexes first"},
    {"json1", "[[1,{'r':1}],[0,{'r':1}]]",
     "component 1: descents stand in the order of their keys, indexes first"},
    {"json1", "[[0,{'r':1}],[0,{'r':1}]]",
     "component 1: descents stand in the order of their keys, indexes first"},
    {"json1", "[['a',{'r':1}],[0,{'r':1}]]",
     "component 1: descents stand in the order of their keys, indexes first"},
    {"json1", "['a',{'p':0},{'d':0}]", "component 1: a component follows a key, or begins the op"},
    {"json1", "['a',{'p':1e300,'d':1e300}]",
     "component 0: a slot is a whole number from 0 to 2147483647"},
    {"json1", "[1e300,{'r':1}]",
     "component 0: a key is a string, or a whole number from 0 to 2147483647"},
    {"json1", "[-1,{'r':1}]",
     "component 0: a key is a string, or a whole number from 0 to 2147483647"},
    {"json1", "['__proto__',{'i':1}]", "component 0: __proto__ is no key"},
    {"json1", "['a',{'__proto__':1}]", "component 0: its fields are p, r, d, i, es, ena, et and e"},
    {"json1", "['a',{'p':0}]",
     "slots are the numbers from 0, each picked up once and dropped once"},
    {"json1", "[['a',{'p':0}],['b',{'p':0}],['c',{'d':0}]]",
     "slots are the numbers from 0, each picked up once and dropped once"},
    {"json1", "['a',{'es':['\\ud800']}]",
     "component 0: edit of text: component 0: its text has a lone surrogate"},
    {"json1", "['a',{'es':[1e300,'x']}]",
     "component 0: edit of text: component 0: it is neither skip, insert nor delete"},
    {"json1", "['a',{'es':[1,2,'x']}]",
     "component 0: edit of text: component 1: two skips in a row must be one"},
    {"json1", "['a',{'et':'__proto__','e':1}]",
     "component 0: an edit is one of text-unicode or number"},
    {"json1", "['a',{'ena':'1'}]", "component 0: what is added to a number is one"},
    {"rich-text", "1", "rich text is a list of components, or an object with ops"},
    {"rich-text", "[1]", "component 0: it is not one of insert, retain and delete"},
    {"rich-text", "[{'insert':'a','delete':1}]",
     "component 0: it is not one of insert, retain and delete"},
    {"rich-text", "[{'retain':1e300}]", "component 0: a length is a whole number above 0"},
    {"rich-text", "[{'retain':1},{'delete':-1}]",
     "component 1: a length is a whole number above 0"},
    {"rich-text", "[{'retain':9007199254740991},{'delete':1}]",
     "component 1: no text is that long"},
    {"rich-text", "[{'insert':'a','attributes':[]}]",
     "component 0: its attributes are not an object"},
    {"rich-text", "[{'insert':'a','__proto__':1}]",
     "component 0: it has a field that it cannot have"},
    {"rich-text", "[{'__proto__':1}]", "component 0: it is not one of insert, retain and delete"},
    {"rich-text", "[{'insert':['a']}]",
     "component 0: what it inserts is neither a text nor an object"},
    {"text-unicode", "{}", "a text-unicode op must be an array"},
    {"text-unicode", "[1]", "component 0: an op must not end in a skip"},
    {"text-unicode", "['']", "component 0: there is no text in it"},
    {"text-unicode", "[1,1,'x']", "component 1: two skips in a row must be one"},
    {"text-unicode", "['x',1]", "component 1: an op must not end in a skip"},
    {"text-unicode", "[1e300,'x']", "component 0: it is neither skip, insert nor delete"},
    {"text-unicode", "[{'d':1e300}]", "component 0: it is neither skip, insert nor delete"},
    {"text-unicode", "[1.5,'x']", "component 0: it is neither skip, insert nor delete"},
    {"text-unicode", "['x',{'d':-1}]", "component 1: skips and deletes must be longer than 0"},
    {"text-unicode", "[{'d':9007199254740991},{'d':1}]", "component 1: no text is that long"},
    {"text-unicode", "['\\ud83d']", "component 0: its text has a lone surrogate"},
    {"text-unicode", "['a',{'d':'\\ude00'}]", "component 1: its text has a lone surrogate"},
    {"text-unicode", "[{'__proto__':1}]", "component 0: it is neither skip, insert nor delete"},
    {"text-unicode", "[{'d':1,'__proto__':1}]", "component 0: a delete has the field d only"},
    {"text-unicode", "[[['x']]]", "component 0: it is neither skip, insert nor delete"},
    {production, "1", "component 0: must be an object"},
    {production, "[1]", "component 0: must be an object"},
    {production, "[{'type':'set','field':'venue','value':'a'},{'type':'set'}]",
     "component 1: field must be one that the schema declares"},
    {production, "[{'type':'__proto__'}]",
     "component 0: type must be add, remove, move, set, edit or increment"},
    {production, "[{'type':'set','field':'__proto__','value':1}]",
     "component 0: field must be one that the schema declares"},
    {production, "[{'type':'add','entity':'__proto__','index':0,'data':{}}]",
     "component 0: entity must be one that the schema declares"},
    {production, "[{'type':'add','entity':'source','index':0,'data':{'id':'a','__proto__':1}}]",
     "component 0: data: there is no __proto__"},
    {production, "[{'type':'add','entity':'source','index':0,'data':{'id':'\\ud800'}}]",
     "component 0: data: id: has a lone surrogate"},
    {production, "[{'type':'set','field':'venue','value':'\\ud800'}]",
     "component 0: venue: has a lone surrogate"},
    {production, "[{'type':'remove','entity':'source','index':1e300}]",
     "component 0: index must be a whole number from 0"},
    {production, "[{'type':'move','entity':'source','index':0,'to':-1}]",
     "component 0: to must be a whole number from 0"},
    {production, "[{'type':'set','field':'attendance','value':1e300}]",
     "component 0: attendance: must be at most 9007199254740991 either way"},
    {production, "[{'type':'increment','field':'budget','by':1e300}]",
     "component 0: by must be a number with at most 2 decimals and 15 digits"},
    {production, "[{'type':'edit','field':'notes','text':[1,1,'x']}]",
     "component 0: text: component 1: two skips in a row must be one"},
    {production, "[{'type':'edit','field':'notes','text':['x',1]}]",
     "component 0: text: component 1: an op must not end in a skip"},
    {production, "[{'type':'edit','field':'notes','text':[1e300,'x']}]",
     "component 0: text: component 0: it is neither skip, insert nor delete"},
    {production, "[{'type':'edit','field':'notes','text':['\\ud83d']}]",
     "component 0: text: component 0: its text has a lone surrogate"},
    {production, "[{'type':'set','field':'venue','value':[[[]]]}]",
     "component 0: venue: must be a string"},
};

std::string times(std::size_t count, std::string_view text) {
  std::string all;
  all.reserve(count * text.size());
  for (std::size_t i = 0; i < count; ++i) all += text;
  return all;
}

// An op of `count` components, as text.
std::string list_of(std::size_t count, std::string_view component, std::string_view last) {
  std::string text = "[" + times(count, std::string(component) + ",") + std::string(last) + "]";
  std::replace(text.begin(), text.end(), '\'', '"');
  return text;
}

// A json1 op that moves the first `count` items of a list one place on, and ends with `last`.
std::string moves(std::size_t count, std::string_view last) {
  std::string text = "[";
  for (std::size_t i = 0; i < count; ++i) {
    const std::string slot = std::to_string((i + 1) % count);
    text += "[" + std::to_string(i) + ",{\"p\":" + std::to_string(i) + ",\"d\":" + slot + "}],";
  }
  return text + std::string(last) + "]";
}

// Bytes that reading the text of an op takes, whatever comes of it.
std::size_t bytes_to_read(const AnyType& type, const std::string& text) {
  return bytes_allocated_by([&] {
    const auto in = parse_json(text);
    REQUIRE(in.has_value());
    (void)type.parse_committed(*in).has_value();
  });
}

}  // namespace

TEST_CASE("hostile ops: each is refused with its component and the rule that it breaks") {
  for (const Row& row : malformed) {
    CHECK_MESSAGE(refusal(row.type, json(row.op)) == row.refusal, row.type << " " << row.op);
  }
}

TEST_CASE(
    "hostile ops: lists and objects 10,000 deep are refused on the wire, and 5,000 deep in "
    "memory") {
  for (const char* type : {"json0", "json1", "rich-text", "text-unicode", production}) {
    for (const std::string_view open : {"[", "{\"i\":", "[{\"p\":[],\"oi\":", "[0,{\"i\":"}) {
      const auto parsed = parse_json(times(10'000, open));
      REQUIRE_FALSE(parsed.has_value());
      CHECK(parsed.error().code == Errc::too_deep);
    }
    Json lists = Json::array();
    for (int depth = 1; depth < 5'000; ++depth) lists = Json::array({lists});
    CHECK_MESSAGE(refusal(type, lists) != "taken", type);
    Json objects = Json::object();
    for (int depth = 1; depth < 5'000; ++depth) objects = Json::object({{"d", objects}});
    CHECK_MESSAGE(refusal(type, objects) != "taken", type);
  }
}

TEST_CASE("hostile ops: five million open brackets cost no memory but a copy of them") {
  const std::string brackets(5'000'000, '[');
  const std::size_t bytes = bytes_allocated_by([&] {
    const auto parsed = parse_json(brackets);
    REQUIRE_FALSE(parsed.has_value());
    CHECK(parsed.error().code == Errc::too_deep);
  });
  CHECK(bytes < brackets.size() + 100'000);
}

TEST_CASE("hostile ops: twice the op takes twice the memory to read, also where its end is wrong") {
  struct Growing {
    const char* type;
    std::string (*text)(std::size_t count);
  };
  const std::vector<Growing> all = {
      {"json0",
       [](std::size_t n) { return list_of(n, "{'p':['a'],'na':1}", "{'p':['a'],'na':1}"); }},
      {"json0", [](std::size_t n) { return list_of(n, "{'p':['a'],'na':1}", "{'p':['a']}"); }},
      {"json0",
       [](std::size_t n) {
         return list_of(0, "",
                        "{'p':[],'t':'text0','o':" + list_of(n, "{'p':0,'i':'x'}", "1") + "}");
       }},
      {"json1", [](std::size_t n) { return moves(n, "[\"z\",{\"r\":true}]"); }},
      {"json1", [](std::size_t n) { return moves(n, "[0,{\"r\":true}]"); }},
      {"json1", [](std::size_t n) { return moves(n, "[\"z\",{\"p\":0}]"); }},
      {"json1",
       [](std::size_t n) {
         return list_of(0, "", "{'es':" + list_of(n, "'x',{'d':1}", "0") + "}");
       }},
      {"rich-text",
       [](std::size_t n) {
         return list_of(n, "{'insert':'x','attributes':{'b':1}},{'retain':1}", "{'delete':1}");
       }},
      {"rich-text", [](std::size_t n) { return list_of(n, "{'delete':1}", "{'delete':0}"); }},
      {"text-unicode", [](std::size_t n) { return list_of(n, "'x',{'d':'y'},1", "'z'"); }},
      {"text-unicode", [](std::size_t n) { return list_of(n, "'x'", "{'d':'y'}"); }},
      {"text-unicode", [](std::size_t n) { return list_of(n, "1,'x'", "1.5"); }},
      {production,
       [](std::size_t n) {
         return list_of(n, "{'type':'add','entity':'source','index':0,'data':{'id':'a'}}",
                        "{'type':'remove','entity':'source','index':0}");
       }},
      {production,
       [](std::size_t n) {
         return list_of(n, "{'type':'increment','field':'budget','by':1}", "{'type':'set'}");
       }},
      {production, [](std::size_t n) {
         return list_of(
             0, "", "{'type':'edit','field':'notes','text':" + list_of(n, "'x',1", "'y'") + "}");
       }}};
  for (const Growing& op : all) {
    const AnyType& type = *find_type(op.type);
    const std::size_t once = bytes_to_read(type, op.text(2000));
    const std::size_t twice = bytes_to_read(type, op.text(4000));
    CHECK_MESSAGE(once > 2000, op.text(2));
    CHECK_MESSAGE(2 * twice < 5 * once, op.text(2));
  }
}
