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
