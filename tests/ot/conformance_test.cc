#include "ot/conformance.h"

#include <filesystem>
#include <fstream>
#include <string>

#include <doctest/doctest.h>

#include "ot/json_text.h"
#include "tests/ot/plan.h"
#include "tests/support/json_notation.h"

using namespace segue::ot;
using segue::test::json;
using segue::test::notation;

namespace {

std::string reply(const std::string& request) { return notation(conformance_reply(json(request))); }

// Whether `actual` is what a vector expects. Any error is as good as any other, but for conflicts.
bool as_expected(const Json& actual, const Json& expected) {
  if (const Json* conflict = expected.find("conflict")) {
    return actual.find("conflict") != nullptr && *actual.find("conflict") == *conflict;
  }
  if (expected.find("err") != nullptr) {
    return actual.find("err") != nullptr && actual.find("conflict") == nullptr;
  }
  return actual == expected;
}

// Of all files in the type's folder.
void check_vectors(const std::string& type) {
  int count = 0;
  for (const auto& file :
       std::filesystem::directory_iterator(std::string(SEGUE_VECTORS_DIR) + "/" + type)) {
    std::ifstream lines(file.path());
    for (std::string line; std::getline(lines, line); ++count) {
      const auto vector = parse_json(line);
      REQUIRE_MESSAGE(vector.has_value(), line);
      const Json* expected = vector->find("expect");
      REQUIRE_MESSAGE(expected != nullptr, line);
      const Json actual = conformance_reply(*vector);
      CHECK_MESSAGE(as_expected(actual, *expected), line << "\nanswered " << json_text(actual));
    }
  }
  CHECK(count > 200);
}

}  // namespace

TEST_CASE("conformance: a reply carries the id and the result") {
  CHECK(reply("{'id':7,'type':'json0','verb':'apply','doc':[1],'op':[{'p':[0],'li':2}]}") ==
        "{'id':7,'ok':[2,1]}");
}

TEST_CASE("conformance: a type may be named by its URI") {
  CHECK(reply("{'id':1,'type':'http://sharejs.org/types/text-unicode','verb':'create'}") ==
        "{'id':1,'ok':''}");
}

TEST_CASE("conformance: a document that is left out or removed is undefined, which is not null") {
  CHECK(reply("{'id':1,'type':'json0','verb':'apply','op':[]}") == "{'id':1,'undef':true}");
  CHECK(reply("{'id':1,'type':'json0','verb':'apply','doc':null,'op':[]}") == "{'id':1,'ok':null}");
  CHECK(reply("{'id':1,'type':'json0','verb':'apply','doc':1,'op':[{'p':[],'od':1}]}") ==
        "{'id':1,'undef':true}");
}

TEST_CASE("conformance: errors have the protocol's classes") {
  const auto error_class = [](const std::string& request) {
    return conformance_reply(json(request)).find("err")->str();
  };
  CHECK(error_class("{'type':'json0','verb':'apply','doc':1,'op':[1]}") == "reject");
  CHECK(error_class("{'type':'json0','verb':'dance'}") == "unsupported");
  CHECK(error_class("{'type':'json9','verb':'apply'}") == "unsupported");
  CHECK(error_class("{'type':'json0','verb':'apply','doc':1}") == "bad-request");
  CHECK(error_class("[1]") == "bad-request");
  CHECK(error_class("{'type':1,'verb':'apply'}") == "bad-request");
}

TEST_CASE("conformance: a conflict of json1 ops is described in the reply") {
  CHECK(reply("{'id':1,'type':'json1','verb':'transform','op':[{'i':1}],'other':[{'i':2}],"
              "'side':'left'}") ==
        "{'id':1,'err':'conflict','msg':'the ops are in conflict',"
        "'conflict':{'type':2,'op1':[{'i':1}],'op2':[{'i':2}]}}");
}

TEST_CASE("conformance: a line that is not JSON is answered as a bad request") {
  const auto answered = parse_json(conformance_reply_line("{"));
  REQUIRE(answered.has_value());
  CHECK(*answered->find("err") == Json("bad-request"));
}

TEST_CASE("conformance: a record type of a schema is answered for where it is known") {
  const Json request = json(
      "{'type':'segue:plan/1','verb':'transform','side':'left',"
      "'op':{'type':'set','field':'venue','value':'a'},'other':[]}");
  CHECK(*conformance_reply(request).find("err") == Json("unsupported"));
  TypeRegistry types;
  REQUIRE(types.add_schema(*parse_json(segue::test::plan_schema)));
  CHECK(notation(conformance_reply(request, types)) ==
        "{'ok':[{'type':'set','field':'venue','value':'a'}]}");
}

TEST_CASE("conformance: all vectors of json0 get their replies") { check_vectors("json0"); }
TEST_CASE("conformance: all vectors of json1 get their replies") { check_vectors("json1"); }
TEST_CASE("conformance: all vectors of rich-text get their replies") { check_vectors("rich-text"); }
TEST_CASE("conformance: all vectors of text0 get their replies") { check_vectors("text0"); }
TEST_CASE("conformance: all vectors of text-unicode get their replies") {
  check_vectors("text-unicode");
}
TEST_CASE("conformance: all vectors of segue:production/1 get their replies") {
  check_vectors("record");
}
