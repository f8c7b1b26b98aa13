// Record types, rule by rule (spec/types/record.md): documents, parsing, applying, composing and
// inverting, places and differences.
#include <string>

#include <doctest/doctest.h>

#include "tests/ot/plan_notation.h"

using namespace segue::ot;
using namespace segue::test::plan;
using segue::test::json;
using segue::test::notation;
using segue::test::plan_type;

namespace {

std::string fault(const std::string& text) {
  const auto parsed = plan_type().parse(json(text));
  REQUIRE_MESSAGE(!parsed.has_value(), text);
  return parsed.error().detail;
}

std::string compose(const std::string& first, const std::string& second) {
  return shown(*record::compose(op(first), op(second)));
}

std::string apply_fault(const std::string& text) {
  Json edited = doc();
  const auto applied = record::apply(edited, op(text));
  REQUIRE_MESSAGE(!applied.has_value(), text);
  CHECK(applied.error().code == Errc::op_not_applied);
  CHECK(edited == doc());
  return applied.error().detail;
}

std::string create_fault(const std::string& text) {
  const Json data = json(text);
  const auto created = plan_type().create(&data);
  REQUIRE_MESSAGE(!created.has_value(), text);
  return created.error().detail;
}

std::string place_after(const std::string& place, const std::string& text, bool own = false) {
  const auto moved = plan_type().transform_presence(json(place), op(text), own);
  REQUIRE(moved.has_value());
  return notation(*moved);
}

}  // namespace

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
        "component 0: budget: must be at most 9007199254740991 either way");
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

TEST_CASE("record: composing keeps apart what would break a limit as one") {
  const std::string most = "{'type':'set','field':'budget','value':1000}";
  const std::string one_more = "{'type':'increment','field':'budget','by':1}";
  const std::string one_less = "{'type':'increment','field':'budget','by':-1}";
  CHECK(json(compose(most, one_more)).size() == 2);
  CHECK(compose(most, one_less) == "[{'type':'set','field':'budget','value':999}]");

  const std::string long_edit =
      "{'type':'edit','field':'notes','text':['" + std::string(30, 'n') + "']}";
  CHECK(json(compose(long_edit, long_edit)).size() == 2);
}

TEST_CASE("record: composing keeps apart what asserts different elements") {
  CHECK(json(compose("{'type':'set','entity':'source','index':2,'id':'c','field':'name',"
                     "'value':'n'}",
                     "{'type':'set','entity':'source','index':2,'id':'x','field':'name',"
                     "'value':'m'}"))
            .size() == 2);
}

TEST_CASE("record: what is remembered of an element can be read again") {
  const auto remove = op("{'type':'remove','entity':'source','index':0}");
  const Json strange = json("{'sources':[{'id':'a','name':7,'colour':'red'}]}");
  const auto full = record::make_invertible(remove, strange);
  REQUIRE(full.has_value());
  CHECK(shown(*full) ==
        "[{'type':'remove','entity':'source','index':0,'id':'a','data':{'id':'a','name':'',"
        "'colour':'red'}}]");
  CHECK(plan_type().parse(record::to_json(*full)).has_value());
  const auto nameless = record::make_invertible(remove, json("{'sources':[{'name':'n'}]}"));
  REQUIRE(!nameless.has_value());
  CHECK(nameless.error().code == Errc::op_not_applied);
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
