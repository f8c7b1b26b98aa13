// Record types, rule by rule (spec/types/record.md), on the small type of tests/ot/plan.h and on
// the built-in one.
#include <string>

#include <doctest/doctest.h>

#include "ot/builtin_types.h"
#include "tests/ot/plan.h"
#include "tests/support/json_notation.h"

using namespace segue::ot;
using segue::test::json;
using segue::test::notation;
using segue::test::plan_type;

namespace {

using record::Op;

Op op(const std::string& text) {
  auto parsed = plan_type().parse(json(text));
  REQUIRE_MESSAGE(parsed.has_value(), text << ": " << (parsed ? "" : parsed.error().detail));
  return std::move(*parsed);
}

std::string fault(const std::string& text) {
  const auto parsed = plan_type().parse(json(text));
  REQUIRE_MESSAGE(!parsed.has_value(), text);
  return parsed.error().detail;
}

std::string shown(const Op& op) { return notation(record::to_json(op)); }

std::string transform(const std::string& text, const std::string& other, Side side) {
  const auto transformed = record::transform(op(text), op(other), side);
  REQUIRE(transformed.has_value());
  return shown(*transformed);
}

std::string compose(const std::string& first, const std::string& second) {
  return shown(*record::compose(op(first), op(second)));
}

// A document with sources a, b and c.
Json doc() {
  const Json data = json(
      "{'venue':'Hall A','budget':10,'notes':'abc','sources':[{'id':'a','name':'Laptop'},"
      "{'id':'b','name':'Sony A7'},{'id':'c'}]}");
  return *plan_type().create(&data);
}

std::string apply_fault(const std::string& text) {
  Json edited = doc();
  const auto applied = record::apply(edited, op(text));
  REQUIRE_MESSAGE(!applied.has_value(), text);
  CHECK(applied.error().code == Errc::op_not_applied);
  CHECK(edited == doc());
  return applied.error().detail;
}

Json after(const std::string& text) {
  Json edited = doc();
  REQUIRE(record::apply(edited, op(text)));
  return edited;
}

// The ids of the sources, in order.
std::string order(const Json& doc) {
  std::string ids;
  doc.find("sources")->for_each_element(
      [&](const Json& element) { ids += record::id_of(element); });
  return ids;
}

std::string create_fault(const std::string& text) {
  const Json data = json(text);
  const auto created = plan_type().create(&data);
  REQUIRE_MESSAGE(!created.has_value(), text);
  return created.error().detail;
}

record::Finding explained(const std::string& text, const std::string& other, Side side) {
  const Json before = doc();
  const auto findings = record::explain(op(text), op(other), side, &before);
  REQUIRE(findings.has_value());
  REQUIRE(findings->size() == 1);
  return findings->front();
}

std::string place_after(const std::string& place, const std::string& text, bool own = false) {
  const auto moved = plan_type().transform_presence(json(place), op(text), own);
  REQUIRE(moved.has_value());
  return notation(*moved);
}

constexpr const char* add_x = "{'type':'add','entity':'source','index':2,'data':{'id':'x'}}";
constexpr const char* set_venue_p = "{'type':'set','field':'venue','value':'p'}";
constexpr const char* set_venue_q = "{'type':'set','field':'venue','value':'q'}";
constexpr const char* remove_b = "{'type':'remove','entity':'source','index':1}";

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

// ---- documents

TEST_CASE("record: a created document has every field and list") {
  CHECK(notation(*plan_type().create(nullptr)) ==
        "{'venue':'','start':null,'call':null,'status':'draft','open':false,'budget':0,"
        "'ratio':null,'notes':'','sources':[],'cues':[]}");
  const Json data = json("{'sources':[{'name':'n','id':'a'}]}");
  CHECK(notation(*plan_type().create(&data)->find("sources")) ==
        "[{'name':'n','id':'a','count':0,'notes':''}]");
}

TEST_CASE("record: first data that breaks the schema is refused with its path and the rule") {
  CHECK(create_fault("[]") == "the data must be an object");
  CHECK(create_fault("{'place':1}") == "there is no place");
  CHECK(create_fault("{'__proto__':{}}") == "there is no __proto__");
  CHECK(create_fault("{'venue':1}") == "venue: must be a string");
  CHECK(create_fault("{'budget':-1}") == "budget: must be at least 0");
  CHECK(create_fault("{'sources':{}}") == "sources: must be a list");
  CHECK(create_fault("{'sources':[{'id':'a'},{'id':'a'}]}") ==
        "sources[1].id: is the id of another element");
  CHECK(create_fault("{'sources':[{'name':'n'}]}") == "sources[0].id: is required");
  CHECK(create_fault("{'cues':[{'id':'a'}]}") == "cues[0].title: is required");
}

// ---- parsing

TEST_CASE("record: an op is one component or a list of them") {
  CHECK(shown(op(set_venue_p)) == "[{'type':'set','field':'venue','value':'p'}]");
  CHECK(shown(op("[]")) == "[]");
  CHECK(fault("1") == "component 0: must be an object");
  CHECK(fault("[[]]") == "component 0: must be an object");
}

TEST_CASE("record: components that do nothing are left out") {
  CHECK(shown(op("[{'type':'move','entity':'source','index':1,'to':1},"
                 "{'type':'edit','field':'notes','text':[]},"
                 "{'type':'increment','field':'budget','by':0}]")) == "[]");
}

TEST_CASE("record: a malformed component is refused with the rule that it breaks") {
  CHECK(fault("{'type':'dance'}") ==
        "component 0: type must be add, remove, move, set, edit or increment");
  CHECK(fault("{'type':'add','entity':'person','index':0,'data':{}}") ==
        "component 0: entity must be one that the schema declares");
  CHECK(fault("{'type':'add','entity':'source','index':-1,'data':{}}") ==
        "component 0: index must be a whole number from 0");
  CHECK(fault("{'type':'add','entity':'source','index':1e300,'data':{}}") ==
        "component 0: index must be a whole number from 0");
  CHECK(fault("{'type':'add','entity':'source','index':0}") == "component 0: data is missing");
  CHECK(fault("{'type':'add','entity':'source','index':0,'id':'a','data':{'id':'a'}}") ==
        "component 0: there is no id");
  CHECK(fault("{'type':'remove','entity':'source','index':0,'id':''}") ==
        "component 0: id: must have at least 1 characters");
  CHECK(fault("{'type':'remove','entity':'source','index':0,'id':'a','data':{'id':'b'}}") ==
        "component 0: data.id: must be what id says");
  CHECK(fault("{'type':'move','entity':'source','index':0}") ==
        "component 0: to must be a whole number from 0");
  CHECK(fault("{'type':'set','field':'place','value':1}") ==
        "component 0: field must be one that the schema declares");
  CHECK(fault("{'type':'set','field':'sources','value':[]}") ==
        "component 0: field must be one that the schema declares");
  CHECK(fault("{'type':'set','entity':'source','index':0,'field':'id','value':'z'}") ==
        "component 0: field must be one that the schema declares");
  CHECK(fault("{'type':'set','field':'venue'}") == "component 0: value is missing");
  CHECK(fault("{'type':'set','field':'venue','value':'a','is':'b'}") ==
        "component 0: there is no is");
  CHECK(fault("{'type':'set','field':'notes','value':'a'}") ==
        "component 0: notes is a text, which is edited");
  CHECK(fault("{'type':'edit','field':'venue','text':['a']}") ==
        "component 0: venue is no text, and is set");
  CHECK(fault("{'type':'increment','field':'ratio','by':1}") ==
        "component 0: ratio cannot be incremented");
  CHECK(fault("[{'type':'set','field':'venue','value':'a'},{'type':'set'}]") ==
        "component 1: field must be one that the schema declares");
}

TEST_CASE("record: a value that its field cannot have is refused, with the path and the rule") {
  const auto set_fault = [](const std::string& field, const std::string& value) {
    return fault("{'type':'set','field':'" + field + "','value':" + value + "}");
  };
  CHECK(set_fault("venue", "null") == "component 0: venue: must not be null");
  CHECK(set_fault("venue", "{'a':[[[[]]]]}") == "component 0: venue: must be a string");
  CHECK(set_fault("venue", "'123456789012345678901'") ==
        "component 0: venue: must have at most 20 characters");
  CHECK(set_fault("venue", "'\\ud800'") == "component 0: venue: has a lone surrogate");
  CHECK(set_fault("status", "'gone'") == "component 0: status: must be one of draft, live");
  CHECK(set_fault("open", "1") == "component 0: open: must be true or false");
  CHECK(set_fault("budget", "1001") == "component 0: budget: must be at most 1000");
  CHECK(set_fault("budget", "1.005") ==
        "component 0: budget: must have at most 2 decimals and 15 digits");
  CHECK(set_fault("budget", "1e300") ==
        "component 0: budget: must have at most 2 decimals and 15 digits");
  CHECK(set_fault("ratio", "1e300") ==
        "component 0: ratio: must be at most 9007199254740991 either way");
  for (const char* day : {"'2026-02-29'", "'2026-13-01'", "'2026-1-01'", "''", "'0000-01-01'",
                          "'2026-07-14T10:00'", "7"}) {
    CHECK(set_fault("start", day) ==
          "component 0: start: must be a day that exists, such as 2026-07-14");
  }
  CHECK(set_fault("call", "'2026-07-14T24:00'") ==
        "component 0: call: must be a day and time that exist, such as 2026-07-14T18:30");
  CHECK(fault("{'type':'add','entity':'source','index':0,'data':{'id':'a','name':3}}") ==
        "component 0: data: name: must be a string");
  CHECK(fault("{'type':'add','entity':'source','index':0,'data':{'id':'a','constructor':3}}") ==
        "component 0: data: there is no constructor");
  CHECK(fault("{'type':'add','entity':'cue','index':0,'data':{'id':'a'}}") ==
        "component 0: data: title: is required");
}

TEST_CASE("record: values at the limits are fine") {
  CHECK(op("[{'type':'set','field':'budget','value':1000},"
           "{'type':'set','field':'budget','value':0.07},"
           "{'type':'set','field':'start','value':'2028-02-29'},"
           "{'type':'set','field':'start','value':null},"
           "{'type':'set','field':'call','value':'2026-07-14T18:30'},"
           "{'type':'set','field':'venue','value':'12345678901234567890'}]")
            .size() == 6);
}

TEST_CASE("record: a name that a client made up is cut where the error repeats it") {
  const std::string name(1000, 'n');
  CHECK(fault("{'type':'set','field':'venue','value':'a','" + name + "':1}") ==
        "component 0: there is no " + name.substr(0, 64));
}

TEST_CASE("record: more than 10,000 components are refused, parts of texts included") {
  Json many = Json::array();
  for (int i = 0; i < 5000; ++i)
    many.push_back(json("{'type':'edit','field':'notes','text':['a']}"));
  CHECK(plan_type().parse(many).has_value());
  many.push_back(json(set_venue_p));
  const auto parsed = plan_type().parse(many);
  REQUIRE(!parsed.has_value());
  CHECK(parsed.error().code == Errc::too_large);
  CHECK(plan_type().parse_committed(many).has_value());
}

TEST_CASE("record: a text edit inserts at most what the field may hold") {
  const std::string long_text(51, 'n');
  const std::string edit = "{'type':'edit','field':'notes','text':['" + long_text + "']}";
  CHECK(fault(edit) == "component 0: text: must insert at most 50 characters");
  CHECK(plan_type().parse_committed(json(edit)).has_value());
}

TEST_CASE("record: what was committed may lie beyond the limits, but not be of another kind") {
  CHECK(plan_type().parse_committed(json("{'type':'set','field':'budget','value':2000}")));
  CHECK(plan_type().parse_committed(
      json("{'type':'add','entity':'source','index':0,'data':{'id':'a','old':3}}")));
  CHECK_FALSE(plan_type().parse_committed(json("{'type':'set','field':'budget','value':'x'}")));
}

// ---- applying

TEST_CASE("record: components apply one after another") {
  CHECK(order(after(add_x)) == "abxc");
  CHECK(order(after(remove_b)) == "ac");
  CHECK(order(after("{'type':'move','entity':'source','index':0,'to':2}")) == "bca");
  CHECK(order(after("[{'type':'move','entity':'source','index':2,'to':0},"
                    "{'type':'remove','entity':'source','index':0,'id':'c'}]")) == "ab");
  CHECK(*after("{'type':'edit','field':'notes','text':[1,'x',{'d':1}]}").find("notes") ==
        Json("axc"));
  CHECK(*after("{'type':'increment','field':'budget','by':0.1}").find("budget") == Json(10.1));
  CHECK(notation((*after("{'type':'set','entity':'source','index':2,'id':'c','field':'name',"
                         "'value':'C'}")
                       .find("sources"))[2]) == "{'id':'c','name':'C','count':0,'notes':''}");
}

TEST_CASE("record: an added element has every field") {
  CHECK(notation((*after(add_x).find("sources"))[2]) ==
        "{'id':'x','name':'','count':0,'notes':''}");
}

TEST_CASE("record: what does not fit the document is refused, and leaves it unchanged") {
  CHECK(apply_fault("{'type':'remove','entity':'source','index':3}") ==
        "component 0: there is no sources[3]");
  CHECK(apply_fault("{'type':'remove','entity':'source','index':0,'id':'b'}") ==
        "component 0: sources[0] is another element than the op says");
  CHECK(apply_fault("{'type':'add','entity':'source','index':0,'data':{'id':'c'}}") ==
        "component 0: sources has an element with this id");
  CHECK(apply_fault("{'type':'add','entity':'source','index':4,'data':{'id':'x'}}") ==
        "component 0: there is no sources[4] to be");
  CHECK(apply_fault("{'type':'move','entity':'source','index':0,'to':3}") ==
        "component 0: an element is moved beyond its list");
  CHECK(apply_fault("[{'type':'set','field':'venue','value':'p'},"
                    "{'type':'edit','field':'notes','text':[4,'x']}]") ==
        "component 1: the op skips past the end of the text");
  Json text = "text";
  CHECK_FALSE(record::apply(text, op(set_venue_p)).has_value());
}

TEST_CASE("record: increments may leave the limits, which bind what is set") {
  CHECK(*after("{'type':'increment','field':'budget','by':-100}").find("budget") == Json(-90));
}

TEST_CASE("record: sums of decimals do not depend on their order, and wrap around") {
  const record::Units tenth(10);
  const record::Units fifth(20);
  CHECK(((tenth + fifth) + -tenth).number(2) == 0.2);
  const record::Units most(record::Units::max);
  CHECK(most + record::Units(1) == -most);
  CHECK((most + most) + -most == most);
  CHECK(-most + record::Units(-1) == most);
  CHECK(record::Units::of(0.07, 2) == record::Units(7));
  CHECK(record::Units::of(9999999999999.99, 2) == most);
  CHECK_FALSE(record::Units::of(10000000000000, 2).has_value());
}

TEST_CASE("record: members that the schema does not know are kept, missing ones read as defaults") {
  Json old = json("{'colour':'red','sources':[{'id':'a','size':3}]}");
  REQUIRE(record::apply(old, op("[{'type':'increment','field':'budget','by':1},"
                                "{'type':'edit','field':'notes','text':['n']},"
                                "{'type':'add','entity':'cue','index':0,'data':{'id':'k',"
                                "'title':'t'}},"
                                "{'type':'set','entity':'source','index':0,'field':'name',"
                                "'value':'A'}]")));
  CHECK(notation(old) ==
        "{'colour':'red','sources':[{'id':'a','size':3,'name':'A'}],'budget':1,'notes':'n',"
        "'cues':[{'id':'k','title':'t'}]}");
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
  Op many;
  for (int i = 0; i < 4000; ++i) many.push_back(op(set_venue_p).front());
  const auto transformed = record::transform(many, many, Side::left);
  REQUIRE(!transformed.has_value());
  CHECK(transformed.error().code == Errc::too_costly);
}

// ---- composing and inverting

TEST_CASE("record: composing merges what meets at the end") {
  const std::string set_name =
      "{'type':'set','entity':'source','index':2,'field':'name','value':'n'}";
  CHECK(compose(set_venue_p, set_venue_q) == "[" + std::string(set_venue_q) + "]");
  CHECK(compose(add_x, set_name) ==
        "[{'type':'add','entity':'source','index':2,'data':{'id':'x','name':'n'}}]");
  CHECK(compose(add_x, "{'type':'remove','entity':'source','index':2,'id':'x'}") == "[]");
  CHECK(compose(add_x, "{'type':'move','entity':'source','index':2,'to':0}") ==
        "[{'type':'add','entity':'source','index':0,'data':{'id':'x'}}]");
  CHECK(compose("{'type':'move','entity':'source','index':0,'to':2}",
                "{'type':'move','entity':'source','index':2,'to':0}") == "[]");
  CHECK(compose("{'type':'increment','field':'budget','by':3}",
                "{'type':'increment','field':'budget','by':-3}") == "[]");
  CHECK(compose("{'type':'increment','field':'budget','by':3}",
                "{'type':'set','field':'budget','value':1,'was':13}") ==
        "[{'type':'set','field':'budget','value':1,'was':10}]");
  CHECK(compose("{'type':'edit','field':'notes','text':['ab']}",
                "{'type':'edit','field':'notes','text':[1,{'d':1}]}") ==
        "[{'type':'edit','field':'notes','text':['a']}]");
}

TEST_CASE("record: composing keeps apart what asserts different elements") {
  CHECK(json(compose("{'type':'set','entity':'source','index':2,'id':'c','field':'name',"
                     "'value':'n'}",
                     "{'type':'set','entity':'source','index':2,'id':'x','field':'name',"
                     "'value':'m'}"))
            .size() == 2);
}

TEST_CASE("record: an op is inverted by what it remembers, or by the document before it") {
  const std::string text =
      "[{'type':'set','field':'venue','value':'p'},{'type':'remove','entity':'source','index':1},"
      "{'type':'edit','field':'notes','text':[{'d':2}]}]";
  CHECK(record::invert(op(text)).error().code == Errc::op_badly_formed);
  const auto full = record::make_invertible(op(text), doc());
  REQUIRE(full.has_value());
  CHECK(shown(*full) ==
        "[{'type':'set','field':'venue','value':'p','was':'Hall A'},{'type':'remove','entity':"
        "'source','index':1,'id':'b','data':{'id':'b','name':'Sony A7','count':0,'notes':''}},"
        "{'type':'edit','field':'notes','text':[{'d':'ab'}]}]");
  Json edited = after(text);
  REQUIRE(record::apply(edited, *record::invert(*full)));
  CHECK(edited == doc());
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

// ---- places

TEST_CASE("record: a place follows its element and its text") {
  CHECK(place_after("['sources',2,'notes',5]", remove_b) == "['sources',1,'notes',5]");
  CHECK(place_after("['sources',1,'notes',5]", remove_b) == "null");
  CHECK(place_after("['sources',1]", "{'type':'move','entity':'source','index':1,'to':0}") ==
        "['sources',0]");
  CHECK(place_after("['sources',1,'name']", add_x) == "['sources',1,'name']");
  CHECK(place_after("['sources']", remove_b) == "['sources']");
  CHECK(place_after("[]", remove_b) == "[]");
  const std::string edit = "{'type':'edit','field':'notes','text':[1,'xy']}";
  CHECK(place_after("['notes',2]", edit) == "['notes',4]");
  CHECK(place_after("['notes',1]", edit) == "['notes',1]");
  CHECK(place_after("['notes',1]", edit, true) == "['notes',3]");
  CHECK(place_after("['notes',2]", "{'type':'edit','field':'notes','text':[1,{'d':2}]}") ==
        "['notes',1]");
  CHECK(place_after("['venue',2]", edit) == "['venue',2]");
}

TEST_CASE("record: what is no place is refused") {
  for (const char* place : {"1", "['nowhere']", "['sources','a']", "['sources',-1]",
                            "['sources',0,'id']", "['budget',1]", "['notes',1,2]", "[3]"}) {
    CHECK_MESSAGE(!plan_type().transform_presence(json(place), {}, false).has_value(), place);
  }
}

// ---- differences

TEST_CASE("record: a diff moves few elements, edits texts and remembers what it replaces") {
  Json target = doc();
  REQUIRE(record::apply(
      target, op("[{'type':'move','entity':'source','index':0,'to':2},"
                 "{'type':'edit','field':'notes','text':[1,'x']},"
                 "{'type':'set','entity':'source','index':0,'field':'name','value':'n'}]")));
  const auto diff = plan_type().diff(doc(), target);
  REQUIRE(diff.has_value());
  CHECK(shown(*diff) ==
        "[{'type':'edit','field':'notes','text':[1,'x']},"
        "{'type':'move','entity':'source','index':0,'id':'a','to':2},"
        "{'type':'set','entity':'source','index':0,'id':'b','field':'name','value':'n',"
        "'was':'Sony A7'}]");
}

TEST_CASE("record: a diff to what the schema does not allow is refused") {
  const auto diff_fault = [](const std::string& target) {
    const auto diff = plan_type().diff(doc(), json(target));
    REQUIRE_MESSAGE(!diff.has_value(), target);
    return diff.error().detail;
  };
  CHECK(diff_fault("[]") == "the data must be an object");
  CHECK(diff_fault("{'colour':1}") == "the schema does not declare all that differs");
  CHECK(diff_fault("{'budget':-1}") == "budget: must be at least 0");
  CHECK(diff_fault("{'sources':1}") == "sources: must be a list");
  CHECK(diff_fault("{'sources':[{'id':'a'},{'id':'a'}]}") == "sources: two elements have one id");
  CHECK(diff_fault("{'sources':[{'id':'a','name':1}]}") == "sources[0]: name: must be a string");
}
