#include <string>

#include <doctest/doctest.h>

#include "ot/json_text.h"
#include "server/http/json_patch.h"
#include "tests/support/json_notation.h"

using namespace segue;
using namespace segue::server;
using segue::test::json;

namespace {

constexpr std::size_t bytes_max = 1'000;

// The document after the patch, or what is wrong. Both with ' for ".
std::string patched(const std::string& doc, const std::string& patch) {
  const auto result = apply_json_patch(json(doc), json(patch), bytes_max);
  if (!result) {
    return result.error().field + ": " + result.error().detail;
  }
  std::string text = ot::json_text(*result);
  for (char& c : text) {
    c = c == '"' ? '\'' : c;
  }
  return text;
}

std::string merged(const std::string& doc, const std::string& patch) {
  std::string text = ot::json_text(apply_merge_patch(json(doc), json(patch)));
  for (char& c : text) {
    c = c == '"' ? '\'' : c;
  }
  return text;
}

}  // namespace

TEST_CASE("http JSON patch: each operation does what RFC 6902 says") {
  struct Row {
    const char* doc;
    const char* patch;
    const char* result;
  };
  for (const Row& row : {
           Row{"{'a':1}", "[]", "{'a':1}"},
           // add
           Row{"{'a':1}", "[{'op':'add','path':'/b','value':2}]", "{'a':1,'b':2}"},
           Row{"{'a':1}", "[{'op':'add','path':'/a','value':2}]", "{'a':2}"},
           Row{"{'a':[1,3]}", "[{'op':'add','path':'/a/1','value':2}]", "{'a':[1,2,3]}"},
           Row{"{'a':[1]}", "[{'op':'add','path':'/a/1','value':2}]", "{'a':[1,2]}"},
           Row{"{'a':[1]}", "[{'op':'add','path':'/a/-','value':[2]}]", "{'a':[1,[2]]}"},
           Row{"{'a':1}", "[{'op':'add','path':'','value':[0]}]", "[0]"},
           Row{"{'a':1}", "[{'op':'add','path':'/b','value':null}]", "{'a':1,'b':null}"},
           Row{"{'a':1}", "[{'op':'add','path':'/b','value':2,'more':true}]", "{'a':1,'b':2}"},
           Row{"{'':1}", "[{'op':'add','path':'/','value':2}]", "{'':2}"},
           // remove
           Row{"{'a':1,'b':2}", "[{'op':'remove','path':'/b'}]", "{'a':1}"},
           Row{"[1,2,3]", "[{'op':'remove','path':'/1'}]", "[1,3]"},
           // replace
           Row{"{'a':{'b':1}}", "[{'op':'replace','path':'/a/b','value':[]}]", "{'a':{'b':[]}}"},
           Row{"[1,2]", "[{'op':'replace','path':'/0','value':3}]", "[3,2]"},
           Row{"[1,2]", "[{'op':'replace','path':'','value':3}]", "3"},
           // move
           Row{"{'a':{'x':1},'b':{}}", "[{'op':'move','from':'/a/x','path':'/b/y'}]",
               "{'a':{},'b':{'y':1}}"},
           Row{"[1,2,3]", "[{'op':'move','from':'/0','path':'/2'}]", "[2,3,1]"},
           Row{"{'a':1}", "[{'op':'move','from':'/a','path':'/a'}]", "{'a':1}"},
           // copy
           Row{"{'a':[1]}", "[{'op':'copy','from':'/a','path':'/b'}]", "{'a':[1],'b':[1]}"},
           Row{"{'a':[1]}", "[{'op':'copy','from':'/a','path':'/a/0'}]", "{'a':[[1],1]}"},
           // test
           Row{"{'a':{'b':1,'c':'x'}}", "[{'op':'test','path':'/a','value':{'c':'x','b':1}}]",
               "{'a':{'b':1,'c':'x'}}"},
           Row{"{'a/b':1,'m~n':2,'~1':3}",
               "[{'op':'test','path':'/a~1b','value':1},{'op':'test','path':'/m~0n','value':2},"
               "{'op':'test','path':'/~01','value':3}]",
               "{'a/b':1,'m~n':2,'~1':3}"},
       }) {
    CAPTURE(row.doc);
    CAPTURE(row.patch);
    CHECK(patched(row.doc, row.patch) == row.result);
  }
}

TEST_CASE("http JSON patch: what does not fit the document refuses all of it") {
  struct Row {
    const char* doc;
    const char* patch;
    const char* error;
  };
  for (const Row& row : {
           Row{"{}", "[{'op':'add','path':'/a/b','value':1}]", "/0: Its parent does not exist."},
           Row{"[1]", "[{'op':'add','path':'/2','value':1}]",
               "/0: There is no such place to add to."},
           Row{"[1]", "[{'op':'add','path':'/01','value':1}]",
               "/0: There is no such place to add to."},
           Row{"[1]", "[{'op':'add','path':'/x','value':1}]",
               "/0: There is no such place to add to."},
           Row{"1", "[{'op':'add','path':'/x','value':1}]",
               "/0: There is no such place to add to."},
           Row{"{'a':1}", "[{'op':'remove','path':'/b'}]", "/0: There is nothing to remove."},
           Row{"[1]", "[{'op':'remove','path':'/-'}]", "/0: There is nothing to remove."},
           Row{"{'a':1}", "[{'op':'replace','path':'/b','value':1}]",
               "/0: There is nothing to replace."},
           Row{"{'a':1}", "[{'op':'test','path':'/a','value':'1'}]", "/0: The test fails."},
           Row{"{'a':1}", "[{'op':'test','path':'/b','value':null}]", "/0: The test fails."},
           Row{"{'a':{}}", "[{'op':'move','from':'/a','path':'/a/b'}]",
               "/0: A value cannot be moved into itself."},
           Row{"{'a':1}", "[{'op':'copy','from':'/b','path':'/c'}]",
               "/0: There is nothing at from."},
           Row{"{'a':1}", "[{'op':'remove','path':'/a'},{'op':'remove','path':'/a'}]",
               "/1: There is nothing to remove."},
       }) {
    CAPTURE(row.doc);
    CAPTURE(row.patch);
    CHECK(patched(row.doc, row.patch) == row.error);
  }
}

TEST_CASE("http JSON patch: what is no patch is refused with the member at fault") {
  CHECK(patched("1", "{}") == ": A JSON Patch is a list of operations.");
  struct Row {
    const char* patch;
    const char* field;
  };
  for (const Row& row : std::initializer_list<Row>{
           {"[1]", "/0/op"},
           {"[{'op':'spam','path':''}]", "/0/op"},
           {"[{'op':'add','value':1}]", "/0/path"},
           {"[{'op':'add','path':'a','value':1}]", "/0/path"},
           {"[{'op':'add','path':'/~2','value':1}]", "/0/path"},
           {"[{'op':'add','path':'/a'}]", "/0/value"},
           {"[{'op':'test','path':''},{'op':'move','path':''}]", "/0/value"},
           {"[{'op':'move','path':'/a'}]", "/0/from"},
       }) {
    CAPTURE(row.patch);
    const auto result = apply_json_patch(json("{'a':1}"), json(row.patch), bytes_max);
    REQUIRE_FALSE(result.has_value());
    CHECK(result.error().fault == Fault::bad_json);
    CHECK(result.error().field == row.field);
  }
}

TEST_CASE("http JSON patch: neither many operations nor copies of copies grow without a bound") {
  std::string copies = "[{'op':'add','path':'/a','value':[1,2,3,4,5,6,7,8]}";
  for (int i = 0; i < 60; ++i) {
    copies += ",{'op':'copy','from':'/a','path':'/a/-'}";
  }
  const auto grown = apply_json_patch(json("{}"), json(copies + "]"), bytes_max);
  REQUIRE_FALSE(grown.has_value());
  CHECK(grown.error().fault == Fault::too_large);
  std::string many = "[{'op':'test','path':'','value':1}";
  for (int i = 0; i < 10'000; ++i) {
    many += ",{'op':'test','path':'','value':1}";
  }
  CHECK(apply_json_patch(json("1"), json(many + "]"), bytes_max).error().fault == Fault::too_large);
}

TEST_CASE(
    "http merge patch: members replace, null removes, objects are merged, all else replaces") {
  CHECK(merged("{'a':'b','c':1}", "{'a':'d'}") == "{'a':'d','c':1}");
  CHECK(merged("{'a':'b'}", "{'b':'c'}") == "{'a':'b','b':'c'}");
  CHECK(merged("{'a':'b','b':'c'}", "{'a':null}") == "{'b':'c'}");
  CHECK(merged("{'a':['b']}", "{'a':'c'}") == "{'a':'c'}");
  CHECK(merged("{'a':{'b':'c','d':1}}", "{'a':{'b':'d','c':null}}") == "{'a':{'b':'d','d':1}}");
  CHECK(merged("{'a':[{'b':'c'}]}", "{'a':[1]}") == "{'a':[1]}");
  CHECK(merged("['a']", "{'a':1,'b':null}") == "{'a':1}");
  CHECK(merged("{'e':null}", "{'a':1}") == "{'e':null,'a':1}");
  CHECK(merged("{'a':'foo'}", "null") == "null");
  CHECK(merged("{}", "{'a':{'bb':{'ccc':null}}}") == "{'a':{'bb':{}}}");
}
