#include "server/commands/conform/transcript.h"

#include <doctest/doctest.h>

#include "tests/support/json_notation.h"

using namespace segue::server;
using segue::ot::Json;
using segue::test::json;
using segue::test::notation;

namespace {

bool exactly(const char* pattern, const char* message) {
  return matches(json(pattern), json(message), Extent::exactly);
}
bool at_least(const char* pattern, const char* message) {
  return matches(json(pattern), json(message), Extent::at_least);
}

std::string fault_of(std::string_view text) {
  const auto parsed = parse_transcripts(text);
  REQUIRE_FALSE(parsed.has_value());
  return parsed.error().detail;
}

}  // namespace

TEST_CASE("transcript: a head and its steps are read, in order") {
  const auto all = parse_transcripts(
      R"({"transcript":"One","section":"Ops","given":[{"del":true}],"hole":"none"})"
      "\n"
      R"({"12 opens":null})"
      "\n"
      R"({"1<~":{"a":"f"},"hole":{"a":"s"}})"
      "\n\n"
      R"({"transcript":"Two","section":"Ops","feature":"presence","probe":true})");
  REQUIRE(all.has_value());
  REQUIRE(all->size() == 2);
  const Transcript& one = all->front();
  CHECK(one.name == "One");
  CHECK(one.type == "json0");
  CHECK(one.given.size() == 1);
  REQUIRE(one.steps.size() == 2);
  CHECK(one.steps[0].kind == Step::Kind::open);
  CHECK(one.steps[0].connection == 12);
  CHECK(one.steps[1].kind == Step::Kind::receive_at_least);
  CHECK(one.steps[1].hole == json("{'a':'s'}"));
  CHECK((*all)[1].is_probe);
  CHECK((*all)[1].feature == "presence");
}

TEST_CASE("transcript: a line that is no step is named") {
  const std::string head = "{\"transcript\":\"T\",\"section\":\"Ops\"}\n";
  CHECK(fault_of(head + R"({"1=":1})") == R"(no step: {"1=":1})");
  CHECK(fault_of(head + R"({"1>":1,"2>":1})") == R"(no step: {"1>":1,"2>":1})");
  CHECK(fault_of(head + R"({"hole":1})") == R"(no step: {"hole":1})");
  CHECK(fault_of(R"({"1>":1})") == "a step before the first transcript");
  CHECK(fault_of(head + "{").find(": {") != std::string::npos);
}

TEST_CASE("transcript: names stand for values, also as keys, and unknown ones stay") {
  const Names names = {{"d", "doc-1"}, {"1", "src"}};
  CHECK(notation(filled(json("{'$d':[{'src':'$1','v':'$other'}],'x':'d'}"), names)) ==
        "{'doc-1':[{'src':'src','v':'$other'}],'x':'d'}");
}

TEST_CASE("transcript: a message matches exactly, or has at least what is asked for") {
  CHECK(exactly("{'a':1,'b':[2]}", "{'b':[2],'a':1}"));
  CHECK_FALSE(exactly("{'a':1}", "{'a':1,'b':2}"));
  CHECK_FALSE(exactly("{'a':1,'b':2}", "{'a':1}"));
  CHECK(at_least("{'a':{'b':1}}", "{'a':{'b':1,'c':2},'d':3}"));
  CHECK_FALSE(at_least("{'a':{'b':1}}", "{'a':{'b':2}}"));
  CHECK_FALSE(at_least("[1]", "[1,2]"));
  CHECK_FALSE(at_least("{}", "[]"));
}

TEST_CASE("transcript: what is expected may leave values open") {
  CHECK(exactly("{'m':'$string','v':'$any'}", "{'m':'text','v':null}"));
  CHECK_FALSE(exactly("{'m':'$string'}", "{'m':1}"));
  CHECK_FALSE(exactly("{'v':'$any'}", "{'w':1}"));
  CHECK(exactly("{'d':{'$or':[1,[1]]}}", "{'d':[1]}"));
  CHECK_FALSE(exactly("{'d':{'$or':[1,[1]]}}", "{'d':2}"));
  CHECK(at_least("{'a':'f','error':'$absent'}", "{'a':'f'}"));
  CHECK_FALSE(at_least("{'a':'f','error':'$absent'}", "{'a':'f','error':'$absent'}"));
}
