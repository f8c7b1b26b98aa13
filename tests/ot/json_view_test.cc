#include "ot/json_view.h"

#include <cmath>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include "ot/builtin_types.h"
#include "ot/json_part.h"
#include "ot/json_text.h"
#include "ot/type.h"

using namespace segue::ot;

namespace {

// Reads all of a value through a view and puts it together again.
Json rebuilt(JsonView view) {
  if (view.is_array()) {
    Json list = Json::array();
    for (const JsonView element : view.elements()) list.push_back(rebuilt(element));
    CHECK(list.size() == view.size());
    return list;
  }
  if (view.is_object()) {
    Json object = Json::object();
    view.for_each_member([&](std::string_view key, JsonView value) {
      CHECK(rebuilt(view.find(key)) == rebuilt(value));
      object.set(key, rebuilt(value));
    });
    CHECK(object.size() == view.size());
    return object;
  }
  if (view.is_string()) {
    std::string room;
    CHECK(view.string(room) == view.str());
    CHECK(view.is(view.str()));
    CHECK_FALSE(view.is(view.str() + "x"));
    CHECK(view.bytes() == view.str().size());
    CHECK(view.length(Unit::utf16) == view.text().length(Unit::utf16));
    CHECK(view.length(Unit::code_point) == view.text().length(Unit::code_point));
    CHECK(view.has_lone_surrogate() == view.text().has_lone_surrogate());
    return Json(view.text());
  }
  if (view.is_number()) return view.number();
  if (view.is_bool()) return view.boolean();
  CHECK(view.is_null());
  return {};
}

std::string object_of(int members) {
  std::string text = "{";
  for (int i = 0; i < members; ++i) {
    text += (i == 0 ? "\"k" : ",\"k") + std::to_string(i) + "\":[" + std::to_string(i) + "]";
  }
  return text + "}";
}

std::string repeated(std::string_view what, std::size_t times) {
  std::string text;
  for (std::size_t i = 0; i < times; ++i) text += what;
  return text;
}

// What a type makes of an op, or why it refuses it.
std::string parsed(const AnyType& type, JsonView op) {
  const auto read = type.parse(op);
  return read ? json_text(type.to_json(*read)) : read.error().detail;
}

}  // namespace

TEST_CASE("json view: a tape reads as the values that it makes") {
  std::vector<std::string> texts = {
      "null",
      "true",
      "[false]",
      "-0",
      "1e3",
      "-12",
      "[]",
      "{}",
      "[[],{}]",
      "\"\"",
      R"({"b":1,"2":[true,null],"1":{"deep":[{"x":"y"}]},"":-0.5})",
      R"(["\ud83d\ude00 a","\ud800","\udc00","a\"b\\c\/d\n","é😀"])",
      R"([1,12345678901,4294967296,-2147483649,18446744073709551615,0.1,-1e-7,5e-324])",
      "[" + std::string(40, '[') + std::string(40, ']') + ",1]",
      object_of(16),
      object_of(17),
      object_of(100)};
  for (std::size_t size = 0; size < 20; ++size) {  // wherever the escape stands in a word
    texts.push_back("\"" + std::string(size, 'a') + "\\u00e9" + std::string(20 - size, 'b') + "\"");
  }
  std::string many = "[0";
  for (int i = 1; i < 100; ++i) many += "," + std::to_string(i);
  texts.push_back(many + "]");
  for (const unsigned size : {1U, 2'000U, 10'000U}) {  // as many tokens as there can be
    texts.push_back("[[]" + repeated(",[]", size) + "]");
    texts.push_back("[1" + repeated(",1", size) + "]");
    texts.push_back("[{}" + repeated(R"(,{"":0})", size) + "]");
  }
  texts.push_back(" [ 1 ,\t\"a\" ,\r\n{ \"b\" : [ ] } ] \n");
  for (const std::string& text : texts) {
    INFO(text);
    const auto tape = tokenize_json(text);
    REQUIRE(tape.has_value());
    const Json value = JsonView(*tape).value();
    CHECK(value == *parse_json(text));
    CHECK(JsonView(*tape).equals(value));
    CHECK(json_text(JsonView(*tape)) == json_text(value));
    CHECK(json_text(rebuilt(*tape)) == json_text(value));
    CHECK(json_text(rebuilt(value)) == json_text(value));
  }
}

TEST_CASE("json view: there is nothing where a member is not, and in what has no members") {
  const auto tape = tokenize_json(R"({"a":[1]})");
  REQUIRE(tape.has_value());
  const JsonView object = *tape;
  CHECK(object.find("a"));
  CHECK_FALSE(object.find("b"));
  CHECK_FALSE(object.find("a").find("a"));
  CHECK_FALSE(JsonView(Json(1)).find("a"));
  CHECK_FALSE(JsonView());
}

TEST_CASE("json view: a rope is one string") {
  const std::string long_text(5'000, 'x');
  std::string room;
  const Json rope(long_text);
  CHECK(JsonView(rope).string(room) == long_text);
  CHECK(JsonView(rope).is(long_text));
}

TEST_CASE("json view: tokens equal what equals the values that they make") {
  const std::vector<std::string_view> texts = {"null",
                                               "false",
                                               "true",
                                               "0",
                                               "1",
                                               R"("")",
                                               R"("0")",
                                               "[]",
                                               "{}",
                                               "[0]",
                                               "[1]",
                                               "[0,0]",
                                               R"({"a":0})",
                                               R"({"b":0})",
                                               R"({"a":1})",
                                               R"({"a":0,"b":[1]})",
                                               R"({"b":[1],"a":0})",
                                               R"({"a":0,"b":[2]})",
                                               "-0"};
  for (const std::string_view text : texts) {
    const auto tape = tokenize_json(text);
    REQUIRE(tape.has_value());
    for (const std::string_view other_text : texts) {
      INFO(text, " ", other_text);
      const Json other = *parse_json(other_text);
      CHECK(JsonView(*tape).equals(other) == (JsonView(*tape).value() == other));
    }
  }
}

TEST_CASE("json part: a part of a text is good without the whole, and shared by its copies") {
  JsonPart part;
  CHECK(part.view().is_null());
  for (const bool is_tape : {false, true}) {
    const std::string text = R"({"a":[1,"text of some length"],"b":2})";
    const JsonPart whole = is_tape ? JsonPart(*tokenize_json(text)) : JsonPart(*parse_json(text));
    CHECK(whole.text_bytes() == text.size());
    part = whole.part(whole.view().find("a"));
  }
  const JsonPart copy = part;
  part = Json(3);
  CHECK(json_text(copy.view()) == R"([1,"text of some length"])");
  CHECK(copy.value() == *parse_json(R"([1,"text of some length"])"));
  CHECK(part.value() == Json(3));
}

TEST_CASE("json view: a zero keeps its sign, and a tape its text when it moves") {
  auto tape = tokenize_json(R"([-0,0,"abc"])");
  REQUIRE(tape.has_value());
  const JsonTape moved = std::move(*tape);
  const Json list = JsonView(moved).value();
  CHECK(std::signbit(list[0].number()));
  CHECK_FALSE(std::signbit(list[1].number()));
  CHECK(list[2] == Json("abc"));
}

TEST_CASE("json view: each type reads an op from a tape as it does from values") {
  const std::vector<std::string_view> ops = {
      R"([{"p":["a",1],"li":{"x":"y"}},{"p":["t"],"t":"text0","o":[{"p":1,"i":"é"}]}])",
      R"([{"p":["a"],"na":"x"}])",
      R"([{"p":["a"],"od":1,"oi":2},{"p":["s",3],"sd":"gone"},{"p":["a",0],"lm":"2"}])",
      R"([{"p":["__proto__"],"od":1}])",
      R"([{"p":["a"],"oi":1,"x":2}])",
      R"(["a",{"r":true,"i":[1,{"k":"v"}]}])",
      R"([["a",{"p":0}],["b",{"d":0,"es":[1,"x",{"d":2}]}]])",
      R"(["a",{"et":"number","e":3}])",
      R"(["a",{"es":["\ud800"]}])",
      R"(["__proto__",{"r":1}])",
      R"([5,"text",{"d":3},{"d":"old"}])",
      R"([5])",
      R"([5,"x"])",
      R"(["a","b",1,{"d":2},{"d":"text"},{"d":1},"é😀"])",
      R"([true,"x"])",
      R"([""])",
      R"([{"d":""}])",
      R"([{"d":0}])",
      R"([0,"x"])",
      R"([1,2,"x"])",
      R"([{"d":1,"x":2}])",
      R"([[1],"x"])",
      R"([9007199254740991,"x",1,{"d":1}])",
      R"([{"insert":"text","attributes":{"bold":true}},{"retain":3},{"delete":2}])",
      R"({"ops":[{"insert":{"image":"x"}},{"retain":0}]})",
      R"([{"type":"set","field":"venue","value":"Hall"},{"type":"move","entity":"cue","index":0,"to":2}])",
      R"([{"type":"set","field":"venue","value":"Hall","extra":1}])",
      R"({"type":"edit","field":"notes","text":[1,"x"]})",
      R"("text")",
      "null",
      "{}"};
  for (const char* name : {"json0", "json1", "text-unicode", "rich-text", "segue:production/1"}) {
    const AnyType& type = *find_type(name);
    for (const std::string_view text : ops) {
      INFO(name, " ", text);
      const auto tape = tokenize_json(text);
      REQUIRE(tape.has_value());
      CHECK(parsed(type, *tape) == parsed(type, JsonView(*tape).value()));
    }
  }
}
