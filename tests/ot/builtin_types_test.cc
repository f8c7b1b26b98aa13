#include "ot/builtin_types.h"

#include <doctest/doctest.h>

#include "tests/support/json_notation.h"

using namespace segue::ot;
using segue::test::json;

TEST_CASE("types: a type is found by its name and by its URI") {
  for (const char* name : {"json0", "http://sharejs.org/types/JSONv0"}) {
    REQUIRE(find_type(name) != nullptr);
    CHECK(find_type(name)->name == "json0");
  }
  REQUIRE(find_type("json1") != nullptr);
  CHECK(find_type("json1") == find_type("http://sharejs.org/types/JSONv1"));
  REQUIRE(find_type("rich-text") != nullptr);
  CHECK(find_type("rich-text") == find_type("http://sharejs.org/types/rich-text/v1"));
  REQUIRE(find_type("text-unicode") != nullptr);
  CHECK(find_type("text-unicode") == find_type("http://sharejs.org/types/text-unicode"));
}

TEST_CASE("types: a subtype and an unknown name are not found") {
  CHECK(find_type("text0") == nullptr);
  CHECK(find_type("") == nullptr);
}

TEST_CASE("types: an erased type does what the type does") {
  const AnyType& type = *find_type("json0");
  Json doc = *type.create(nullptr);
  const auto op = type.parse(json("[{'p':[],'od':null,'oi':{'a':1}}]"));
  REQUIRE(op.has_value());
  REQUIRE(type.apply(doc, *op));
  CHECK(doc == json("{'a':1}"));
  const auto other = type.parse(json("[{'p':[],'oi':2}]"));
  const auto transformed = type.transform(*op, *other, Side::left);
  REQUIRE(transformed.has_value());
  CHECK(type.to_json(*transformed) == json("[{'p':[],'od':2},{'p':[],'od':null,'oi':{'a':1}}]"));
  CHECK(type.to_json(*type.compose(*op, *other)) ==
        json("[{'p':[],'od':null,'oi':{'a':1}},{'p':[],'oi':2}]"));
  CHECK(type.to_json(*type.invert(*op)) == json("[{'p':[],'oi':null,'od':{'a':1}}]"));
  CHECK_FALSE(type.parse(Json(1)).has_value());
}

TEST_CASE("types: each type that has a diff takes one document to another by it") {
  struct Row {
    const char* type;
    const char* from;
    const char* to;
  };
  for (const Row& row :
       {Row{"json0", "{'a':[1,2]}", "{'a':[2],'b':'x'}"}, Row{"text-unicode", "'abc'", "'axc!'"},
        Row{"rich-text", "[{'insert':'ab'}]", "[{'insert':'b'}]"},
        Row{"segue:production/1", "{}", "{'venue':'Hall B'}"}}) {
    CAPTURE(row.type);
    const AnyType& type = *find_type(row.type);
    const Json from_data = json(row.from);
    const Json to_data = json(row.to);
    Json doc = *type.create(&from_data);
    const Json target = *type.create(&to_data);
    const auto op = type.diff(doc, target);
    REQUIRE(op.has_value());
    REQUIRE(type.apply(doc, *op).has_value());
    CHECK(doc == target);
    CHECK(type.parse(type.to_json(*op)).has_value());
  }
}

TEST_CASE("types: a record type explains what became of an op, the others say they do not") {
  const AnyType& type = *find_type("segue:production/1");
  const Json doc = *type.create(nullptr);
  const auto mine = type.parse(json("[{'type':'set','field':'venue','value':'A'}]"));
  const auto theirs = type.parse(json("[{'type':'set','field':'venue','value':'B'}]"));
  const auto findings = type.explain(*mine, *theirs, Side::left, doc);
  REQUIRE(findings.has_value());
  CHECK(*(*findings)[0].find("verdict") == Json("overwrote"));
  const AnyType& json0 = *find_type("json0");
  const auto op = json0.parse(json("[]"));
  CHECK(json0.explain(*op, *op, Side::left, doc).error().code == Errc::unsupported);
}
