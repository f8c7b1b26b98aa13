// Record types, rule by rule (spec/types/record.md): what transform does, and what it tells of it.
#include <string>

#include <doctest/doctest.h>

#include "ot/builtin_types.h"
#include "tests/ot/plan_notation.h"

using namespace segue::ot;
using namespace segue::test::plan;
using segue::test::json;
using segue::test::notation;

namespace {

std::string transform(const std::string& text, const std::string& other, Side side) {
  const auto transformed = record::transform(op(text), op(other), side);
  REQUIRE(transformed.has_value());
  return shown(*transformed);
}

record::Finding explained(const std::string& text, const std::string& other, Side side) {
  const Json before = doc();
  const auto findings = record::explain(op(text), op(other), side, &before);
  REQUIRE(findings.has_value());
  REQUIRE(findings->size() == 1);
  return findings->front();
}

}  // namespace

// ---- the example of the planning team

TEST_CASE("record: of two sources added at index 2 the later one becomes 3, and is told why") {
  const RecordType& production = production_type();
  const auto kevin = production.parse(
      json("{'type':'add','entity':'source','index':2,'data':{'id':'s8','name':'Sony A7'}}"));
  const auto sarah = production.parse(
      json("{'type':'add','entity':'source','index':2,'data':{'id':'s9','name':'Laptop 1'}}"));
  REQUIRE(kevin.has_value());
  REQUIRE(sarah.has_value());
  const auto later = RecordType::transform(*sarah, *kevin, Side::left);
  CHECK(notation(RecordType::to_json(*later)) ==
        "[{'type':'add','entity':'source','index':3,'data':{'id':'s9','name':'Laptop 1'}}]");
  CHECK(RecordType::transform(*kevin, *sarah, Side::right) == *kevin);

  const auto findings = record::explain(*sarah, *kevin, Side::left, nullptr);
  REQUIRE(findings.has_value());
  CHECK(notation(record::to_json(*findings, *kevin)) ==
        "[{'component':0,'verdict':'shifted','from':2,'to':3,'because':{'type':'add','entity':"
        "'source','index':2,'data':{'id':'s8','name':'Sony A7'}},'text':'your source moved from 2 "
        "to 3: *Sony A7* was inserted at 2 first'}]");
}

TEST_CASE("record: of two concurrent venues the later stands, and the earlier author is told") {
  CHECK(transform(set_venue_q, set_venue_p, Side::left) ==
        "[{'type':'set','field':'venue','value':'q'}]");
  CHECK(transform(set_venue_p, set_venue_q, Side::right) == "[]");
  const auto earlier = explained(set_venue_p, set_venue_q, Side::right);
  CHECK(earlier.verdict == record::Verdict::overwritten);
  CHECK(earlier.lost == Json("p"));
  CHECK(earlier.text == "your venue \"p\" was replaced by \"q\" later");
  const auto later = explained(set_venue_q, set_venue_p, Side::left);
  CHECK(later.verdict == record::Verdict::overwrote);
  CHECK(later.lost == Json("p"));
  CHECK(later.text == "your venue replaced \"p\", which was set first");
}

// ---- transforming

TEST_CASE("record: an element is followed by what names it") {
  const std::string set = "{'type':'set','entity':'source','index':1,'field':'name','value':'n'}";
  const auto index = [&](const std::string& other) {
    return notation(*json(transform(set, other, Side::left))[0].find("index"));
  };
  CHECK(index("{'type':'add','entity':'source','index':1,'data':{'id':'x'}}") == "2");
  CHECK(index("{'type':'add','entity':'source','index':2,'data':{'id':'x'}}") == "1");
  CHECK(index("{'type':'remove','entity':'source','index':0}") == "0");
  CHECK(index("{'type':'move','entity':'source','index':1,'to':2}") == "2");
  CHECK(index("{'type':'move','entity':'source','index':0,'to':1}") == "0");
  CHECK(index("{'type':'move','entity':'source','index':2,'to':0}") == "2");
  CHECK(index("{'type':'remove','entity':'cue','index':0}") == "1");
}

TEST_CASE("record: what names a removed element is dropped") {
  for (const char* other :
       {"{'type':'remove','entity':'source','index':1}",
        "{'type':'move','entity':'source','index':1,'to':0}",
        "{'type':'set','entity':'source','index':1,'field':'name','value':'n'}",
        "{'type':'edit','entity':'source','index':1,'field':'notes','text':['n']}",
        "{'type':'increment','entity':'source','index':1,'field':'count','by':1}"}) {
    CHECK(transform(other, remove_b, Side::left) == "[]");
    CHECK(transform(other, remove_b, Side::right) == "[]");
  }
}

TEST_CASE("record: of two moves of one element the later stands") {
  const char* to_0 = "{'type':'move','entity':'source','index':1,'to':0}";
  const char* to_2 = "{'type':'move','entity':'source','index':1,'to':2}";
  CHECK(transform(to_0, to_2, Side::left) ==
        "[{'type':'move','entity':'source','index':2,'to':0}]");
  CHECK(transform(to_2, to_0, Side::right) == "[]");
}

TEST_CASE("record: two people who make the same swap in different ways get it") {
  const std::string first_down = "{'type':'move','entity':'source','index':0,'to':1}";
  const std::string second_up = "{'type':'move','entity':'source','index':1,'to':0}";
  for (const bool turned : {false, true}) {
    const auto& left = turned ? second_up : first_down;
    const auto& right = turned ? first_down : second_up;
    Json edited = after(right);
    CHECK(order(edited) == "bac");
    REQUIRE(record::apply(edited, *record::transform(op(left), op(right), Side::left)));
    CHECK(order(edited) == "bac");
  }
}

TEST_CASE("record: of two adds of one id the earlier stands, on both ways around") {
  const std::string theirs =
      "{'type':'add','entity':'source','index':0,'data':{'id':'x','name':'first'}}";
  CHECK(transform(add_x, theirs, Side::left) == "[]");
  CHECK(transform(theirs, add_x, Side::right) ==
        "[{'type':'remove','entity':'source','index':2,'id':'x','data':{'id':'x'}},"
        "{'type':'add','entity':'source','index':0,'data':{'id':'x','name':'first'}}]");
  const auto dropped = explained(add_x, theirs, Side::left);
  CHECK(dropped.verdict == record::Verdict::dropped);
  CHECK(dropped.text == "your source was dropped: *first* with the same id was inserted first");
  CHECK(explained(theirs, add_x, Side::right).verdict == record::Verdict::repaired);
}

TEST_CASE("record: a set and an increment end as if they had come one after another") {
  const std::string set = "{'type':'set','field':'budget','value':7,'was':10}";
  const std::string increment = "{'type':'increment','field':'budget','by':3}";
  CHECK(transform(set, increment, Side::left) ==
        "[{'type':'set','field':'budget','value':7,'was':13}]");
  CHECK(transform(increment, set, Side::right) == "[]");
  CHECK(transform(increment, set, Side::left) == "[" + increment + "]");
  CHECK(transform(set, increment, Side::right) ==
        "[{'type':'set','field':'budget','value':10,'was':13}]");
}

TEST_CASE("record: of two texts inserted at one place the earlier comes first") {
  const auto edit = [](const std::string& text) {
    return "{'type':'edit','field':'notes','text':" + text + "}";
  };
  CHECK(transform(edit("[1,'late']"), edit("[1,'early']"), Side::left) ==
        "[" + edit("[6,'late']") + "]");
  CHECK(transform(edit("[1,'early']"), edit("[1,'late']"), Side::right) ==
        "[" + edit("[1,'early']") + "]");
}

TEST_CASE("record: a remove remembers what others did to the element, a set what it replaces") {
  const std::string remove =
      "{'type':'remove','entity':'source','index':1,'id':'b','data':{'id':'b','name':'n'}}";
  CHECK(transform(remove, "{'type':'set','entity':'source','index':1,'field':'name','value':'m'}",
                  Side::right) ==
        "[{'type':'remove','entity':'source','index':1,'id':'b','data':{'id':'b','name':'m'}}]");
  CHECK(transform(remove,
                  "{'type':'edit','entity':'source','index':1,'field':'notes','text':[5,'x']}",
                  Side::right) == "[{'type':'remove','entity':'source','index':1,'id':'b'}]");
  CHECK(transform("{'type':'set','field':'venue','value':'q','was':'Hall A'}", set_venue_p,
                  Side::left) == "[{'type':'set','field':'venue','value':'q','was':'p'}]");
}

TEST_CASE("record: transforms that would take too long are refused") {
  record::Op many;
  for (int i = 0; i < 4000; ++i) many.push_back(op(set_venue_p).front());
  const auto transformed = record::transform(many, many, Side::left);
  REQUIRE(!transformed.has_value());
  CHECK(transformed.error().code == Errc::too_costly);
}

// ---- explaining

TEST_CASE("record: findings say what became of an op, and name who did it where they can") {
  CHECK(explained(set_venue_p, remove_b, Side::left).text == "your venue is unchanged");
  const std::string set_b = "{'type':'set','entity':'source','index':1,'field':'name','value':'n'}";
  const auto dropped = explained(set_b, remove_b, Side::left);
  CHECK(dropped.verdict == record::Verdict::dropped);
  CHECK(dropped.text == "your name of *Sony A7* was dropped: *Sony A7* was removed first");
  CHECK(explained(set_b, "{'type':'remove','entity':'source','index':0}", Side::right).text ==
        "your name of *Sony A7* moved from 1 to 0: *Laptop* was removed at 0 later");
  CHECK(explained("{'type':'increment','field':'budget','by':3}",
                  "{'type':'set','field':'budget','value':7}", Side::right)
            .text == "your increment of budget by 3 was replaced by 7 later");
  CHECK(explained("{'type':'set','field':'budget','value':7}",
                  "{'type':'increment','field':'budget','by':3}", Side::right)
            .text == "your budget stands, and was incremented by 3 later");
  CHECK(explained("{'type':'move','entity':'source','index':1,'to':0}",
                  "{'type':'move','entity':'source','index':1,'to':2}", Side::right)
            .text == "your move of *Sony A7* to 0 was replaced by a move of it to 2 later");
}

TEST_CASE("record: a component that is shifted and comes back is as it was") {
  const auto finding = explained("{'type':'remove','entity':'source','index':1}",
                                 "[{'type':'add','entity':'source','index':0,'data':{'id':'x'}},"
                                 "{'type':'remove','entity':'source','index':0}]",
                                 Side::left);
  CHECK(finding.verdict == record::Verdict::kept);
  CHECK_FALSE(finding.because.has_value());
}
