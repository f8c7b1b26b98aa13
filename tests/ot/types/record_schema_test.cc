#include <fstream>
#include <sstream>
#include <string>

#include <doctest/doctest.h>

#include "ot/builtin_types.h"
#include "ot/record/production_schema.h"
#include "ot/record/schema.h"
#include "ot/type_registry.h"
#include "tests/ot/plan.h"
#include "tests/support/json_notation.h"

using namespace segue::ot;
using segue::test::json;

namespace {

std::string fault(const std::string& text) {
  const auto schema = record::Schema::parse(json(text));
  REQUIRE_MESSAGE(!schema.has_value(), text);
  CHECK(schema.error().code == Errc::bad_json);
  return schema.error().detail;
}

// Of a schema with one field.
std::string field_fault(const std::string& field) {
  return fault("{'name':'n','major':1,'fields':{'f':" + field + "}}");
}

std::string list_fault(const std::string& list) {
  return fault("{'name':'n','major':1,'fields':{'f':{'kind':'bool'}},'lists':" + list + "}");
}

}  // namespace

TEST_CASE("record schema: the built-in one is that of spec/schemas, and is served") {
  std::ifstream file(std::string(SEGUE_SCHEMAS_DIR) + "/production.json");
  std::ostringstream text;
  text << file.rdbuf();
  CHECK(record::production_schema == text.str());
  REQUIRE(find_type("segue:production/1") != nullptr);
  CHECK(find_type("segue:production/1")->uri == "segue:production/1");
  CHECK(production_type().create(nullptr).has_value());
}

TEST_CASE("record schema: a fault is named by its path and the rule") {
  CHECK(fault("[]") == "schema: must be an object");
  CHECK(fault("{'name':'n','major':1,'colour':1}") == "schema: has no member colour");
  CHECK(fault("{'major':1}") ==
        "name: must be small letters, digits and -, beginning with a letter");
  CHECK(fault("{'name':'n','major':0}") == "major: must be a whole number from 1 to 1000");
  CHECK(fault("{'name':'n','major':1,'fields':{'1f':{'kind':'bool'}}}") ==
        "fields.1f: a name has letters, digits and _, at most 64");
  CHECK(fault("{'name':'n','major':1,'fields':{'constructor':{'kind':'bool'}}}") ==
        "fields.constructor: is a name of every JavaScript object");
}

TEST_CASE("record schema: a field has a kind, and only the members of that kind") {
  CHECK(field_fault("{}") ==
        "fields.f.kind: must be string, text, number, integer, bool, enum or date");
  CHECK(field_fault("{'kind':'bool','max':1}") == "fields.f: has no member max");
  CHECK(field_fault("{'kind':'text','nullable':true}") == "fields.f: has no member nullable");
  CHECK(field_fault("{'kind':'bool','nullable':1}") == "fields.f.nullable: must be true or false");
  CHECK(field_fault("{'kind':'enum','values':[]}") ==
        "fields.f.values: must be 1 to 256 distinct strings");
  CHECK(field_fault("{'kind':'enum','values':['a','a']}") ==
        "fields.f.values: must be 1 to 256 distinct strings");
  CHECK(field_fault("{'kind':'number','decimals':7}") ==
        "fields.f.decimals: must be a whole number from 0 to 6");
  CHECK(field_fault("{'kind':'integer','min':'0'}") ==
        "fields.f.min: must be a number that it may have");
  CHECK(field_fault("{'kind':'number','min':2,'max':1}") ==
        "fields.f.min: must not be more than max");
  CHECK(field_fault("{'kind':'string','min_length':2,'max_length':1}") ==
        "fields.f.min_length: must not be more than max_length");
}

TEST_CASE("record schema: a default is within the limits, or there has to be none") {
  CHECK(field_fault("{'kind':'number','min':1,'default':0}") ==
        "fields.f.default: must be at least 1");
  CHECK(field_fault("{'kind':'number','min':1}") ==
        "fields.f: needs a default, or must be nullable or required: without them it is out of "
        "limits");
  CHECK(field_fault("{'kind':'date'}") ==
        "fields.f: needs a default, or must be nullable or required: without them it is no date");
  CHECK(field_fault("{'kind':'bool','required':true,'default':true}") ==
        "fields.f.default: a required field has none");
  CHECK(
      record::Schema::parse(json("{'name':'n','major':1,'fields':{'f':{'kind':'number','min':1,"
                                 "'required':true}}}")));
}

TEST_CASE("record schema: lists, entities and fields have names of their own") {
  CHECK(list_fault("{'f':{'entity':'e'}}") == "lists.f: is a field of the record already");
  CHECK(list_fault("{'a':{'entity':'e'},'b':{'entity':'e'}}") ==
        "lists.b.entity: is the entity of another list");
  CHECK(list_fault("{'a':{}}") == "lists.a.entity: must be a string");
  CHECK(list_fault("{'a':{'entity':'e','fields':{'id':{'kind':'string'}}}}") ==
        "lists.a.fields.id: every entity has it already");
  CHECK(list_fault("{'a':{'entity':'e','label':'n'}}") ==
        "lists.a.label: must be a field of kind string");
}

TEST_CASE(
    "record schema: leases are exclusive of the fields and lists that say so, and of what is in "
    "them") {
  CHECK(field_fault("{'kind':'bool','lease':'mine'}") ==
        "fields.f.lease: must be advisory or exclusive");
  CHECK(list_fault("{'l':{'entity':'e','lease':true}}") ==
        "lists.l.lease: must be advisory or exclusive");
  auto schema = record::Schema::parse(
      json("{'name':'n','major':1,'fields':{'f':{'kind':'text','lease':'exclusive'},'g':{'kind':'"
           "bool'}},"
           "'lists':{'l':{'entity':'e','lease':'exclusive','fields':{'x':{'kind':'bool'}}},"
           "'m':{'entity':'d','fields':{'x':{'kind':'bool','lease':'exclusive'}}}}}"));
  REQUIRE(schema.has_value());
  const RecordType type(std::move(*schema));
  const auto hold = [&](const std::string& path) { return type.hold_of(json(path)).value(); };
  for (const char* path : {"['f']", "['l']", "['l',0]", "['l',0,'x']", "['m',0,'x']"}) {
    CHECK(hold(path) == Hold::exclusive);
  }
  for (const char* path : {"[]", "['g']", "['m']", "['m',0]"}) {
    CHECK(hold(path) == Hold::advisory);
  }
  for (const char* path : {"['f',3]", "['h']", "[0]", "'f'"}) {
    CHECK_FALSE(type.hold_of(json(path)).has_value());
  }
}

TEST_CASE("types: a registry has the built-in types and those of schemas") {
  TypeRegistry types;
  CHECK(types.find("segue:plan/1") == nullptr);
  REQUIRE(types.add_schema(*parse_json(segue::test::plan_schema)));
  const AnyType* plan = types.find("segue:plan/1");
  REQUIRE(plan != nullptr);
  CHECK(types.lookup()("segue:plan/1") == plan);
  CHECK(types.find_record("segue:plan/1")->name == "segue:plan/1");
  CHECK(types.find("json0") == find_type("json0"));
  CHECK(types.find_record("json0") == nullptr);
  const auto again = types.add_schema(*parse_json(segue::test::plan_schema));
  REQUIRE(!again.has_value());
  CHECK(again.error().detail == "name: there is a type segue:plan/1 already");
  CHECK_FALSE(types.add_schema(*parse_json(record::production_schema)).has_value());
}

TEST_CASE("types: an erased record type does what the type does") {
  TypeRegistry types;
  REQUIRE(types.add_schema(*parse_json(segue::test::plan_schema)));
  const AnyType& type = *types.find("segue:plan/1");
  Json doc = *type.create(nullptr);
  const auto beyond = json("{'type':'set','field':'budget','value':2000,'was':0}");
  CHECK_FALSE(type.parse(beyond).has_value());
  const auto op = type.parse_committed(beyond);
  REQUIRE(op.has_value());
  REQUIRE(type.apply(doc, *op));
  CHECK(*doc.find("budget") == Json(2000));
  REQUIRE(type.apply(doc, *type.invert(*op)));
  CHECK(doc == *type.create(nullptr));
}
