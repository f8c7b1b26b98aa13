// The conformance kit on implementations within this process: Segue itself, and Segue with a fault.
#include <algorithm>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "ot/conform/compare.h"
#include "ot/conform/examine.h"
#include "ot/conform/shrink.h"
#include "ot/conformance.h"
#include "tests/ot/plan.h"
#include "tests/support/json_notation.h"

using namespace segue::conform;
using segue::ot::Json;
using segue::ot::TypeRegistry;
using segue::test::json;
using segue::test::notation;

namespace {

const TypeRegistry& no_types() {
  static const TypeRegistry types;
  return types;
}

Verdict compared(const std::string& verb, const std::string& expected, const std::string& reply) {
  const Json request = Json::object({{"type", "json0"}, {"verb", verb}});
  return compare(request, json(expected), json(reply), no_types());
}

// Segue, but for requests of a verb.
template <class Fault>
Ask faulty(const std::string& verb, Fault fault) {
  return [=](const std::vector<Json>& requests) {
    std::vector<Json> replies;
    for (const Json& request : requests) {
      const Json right = segue::ot::conformance_reply(request, no_types());
      replies.push_back(*request.find("verb") == Json(verb) ? fault(request, right) : right);
    }
    return replies;
  };
}

std::vector<Outcome> examined(const std::string& type, const Ask& ask, std::size_t cases = 200) {
  Examination examination;
  examination.cases = cases;
  return examine(*find_cases(type, no_types()), examination, no_types(), ask);
}

const Outcome& outcome_of(const std::vector<Outcome>& outcomes, const std::string& check) {
  const auto found = std::find_if(outcomes.begin(), outcomes.end(),
                                  [&](const Outcome& outcome) { return outcome.check == check; });
  REQUIRE(found != outcomes.end());
  return *found;
}

}  // namespace

TEST_CASE("conform: replies are equal whatever the order of keys and the sign of zero") {
  CHECK(compared("apply", "{'ok':{'a':1,'b':0}}", "{'ok':{'b':-0.0,'a':1}}") == Verdict::equal);
  CHECK(compared("apply", "{'ok':[]}", "{'ok':null}") == Verdict::different);
  CHECK(compared("apply", "{'undef':true}", "{'undef':true}") == Verdict::equal);
  CHECK(compared("apply", "{'undef':true}", "{'ok':null}") == Verdict::different);
}

TEST_CASE("conform: any error is as good as any other, but for a conflict and an unknown verb") {
  CHECK(compared("apply", "{'err':'reject'}", "{'err':'internal'}") == Verdict::equal);
  CHECK(compared("apply", "{'err':'reject'}", "{'ok':1}") == Verdict::accepted);
  CHECK(compared("apply", "{'ok':1}", "{'err':'reject'}") == Verdict::refused);
  CHECK(compared("apply", "{'err':'reject'}", "{'err':'unsupported'}") == Verdict::unsupported);
  CHECK(compared("apply", "{'err':'reject'}", "{'none':'ended'}") == Verdict::none);
  const std::string conflict = "{'err':'conflict','conflict':{'type':1}}";
  CHECK(compared("transform", conflict, conflict) == Verdict::equal);
  CHECK(compared("transform", conflict, "{'err':'reject'}") == Verdict::different);
  CHECK(compared("transform", conflict, "{'err':'conflict','conflict':{'type':2}}") ==
        Verdict::different);
}

TEST_CASE("conform: any diff that leads to the target is right") {
  const Json request = json(
      "{'type':'rich-text','verb':'diff','doc':[{'insert':'aa'}],"
      "'target':[{'insert':'a'}]}");
  const Json expected = segue::ot::conformance_reply(request, no_types());
  const auto verdict = [&](const char* op) {
    return compare(request, expected, Json::object({{"ok", json(op)}}), no_types());
  };
  CHECK(verdict("[{'delete':1}]") == Verdict::equal);
  CHECK(verdict("[{'retain':1},{'delete':1}]") == Verdict::equal);
  CHECK(verdict("[{'delete':2}]") == Verdict::different);
}

TEST_CASE("conform: a diff is right where the target leaves out what the type puts in") {
  const Json request = json(
      "{'type':'segue:production/1','verb':'diff','doc':{'sources':[]},"
      "'target':{'sources':[{'id':'a'}]}}");
  const Json expected = segue::ot::conformance_reply(request, no_types());
  CHECK(compare(request, expected, expected, no_types()) == Verdict::equal);
  CHECK(compare(request, expected, json("{'ok':[]}"), no_types()) == Verdict::different);
}

TEST_CASE("conform: Segue agrees with itself and obeys the laws, for every type") {
  for (const std::string& type : case_names(no_types())) {
    for (const Outcome& outcome : examined(type, ask_segue(no_types()))) {
      CAPTURE(type);
      CAPTURE(outcome.check);
      CHECK(outcome.failed == 0);
      CHECK(outcome.cases == 200);
    }
  }
}

TEST_CASE(
    "conform: an implementation that agrees is asked in large lots, and nothing twice in one") {
  std::size_t lots = 0;
  const Ask segue = ask_segue(no_types());
  const Ask counting = [&](const std::vector<Json>& requests) {
    ++lots;
    std::set<std::string> texts;
    for (const Json& request : requests) texts.insert(notation(request));
    CHECK(texts.size() == requests.size());
    return segue(requests);
  };
  for (const Outcome& outcome : examined("json0", counting, 120)) CHECK(outcome.failed == 0);
  CHECK(lots == 3);
}

TEST_CASE("conform: every made-up situation is sound") {
  Random random(3);
  for (const std::string& type : case_names(no_types())) {
    const auto cases = find_cases(type, no_types());
    for (int i = 0; i < 100; ++i) {
      const Json situation = cases->situation(random);
      CHECK_MESSAGE(is_sound(situation, *cases, no_types()), type << " " << notation(situation));
    }
  }
}

TEST_CASE("conform: the types of a schema have cases as well") {
  TypeRegistry types;
  REQUIRE(types.add_schema(json(std::string(segue::test::plan_schema))));
  const auto cases = find_cases("segue:plan/1", types);
  REQUIRE(cases.has_value());
  for (const Outcome& outcome : examine(*cases, {}, types, ask_segue(types))) {
    CHECK_MESSAGE(outcome.failed == 0, outcome.check);
  }
}

TEST_CASE("conform: an inverse that does nothing is shrunk to one component") {
  const auto forgets = [](const Json&, const Json&) { return json("{'ok':[]}"); };
  const auto outcomes = examined("text0", faulty("invert", forgets));
  const Outcome& verb = outcome_of(outcomes, "invert");
  REQUIRE(verb.example.has_value());
  CHECK(notation(verb.example->request) ==
        "{'type':'text0','verb':'invert','op':[{'p':0,'d':''}]}");
  const Outcome& law = outcome_of(outcomes, "law: invert");
  REQUIRE(law.example.has_value());
  CHECK(notation(law.example->request) ==
        "{'type':'text0','verb':'invert','op':[{'p':0,'d':'\xC3\xA9'}]}");
  CHECK(outcome_of(outcomes, "law: converge").failed == 0);
}

TEST_CASE("conform: what fails keeps failing in the same way while it shrinks") {
  // Two faults: long texts are refused, others come out wrong.
  const auto fault = [](const Json& request, const Json& right) {
    const std::size_t size = request.find("op")->printed_bytes();
    if (size > 24) return json("{'err':'reject'}");
    return size < 12 ? json("{'ok':'wrong'}") : right;
  };
  const Outcome outcome =
      outcome_of(examined("text-unicode", faulty("apply", fault), 1000), "apply");
  REQUIRE(outcome.example.has_value());
  const Ask ask = faulty("apply", fault);
  CHECK(outcome.example->verdict == compare(outcome.example->request, outcome.example->expected,
                                            outcome.example->reply, no_types()));
  CHECK(ask({outcome.example->request}).front() == outcome.example->reply);
}

// Segue, but it has no answer to an insert into a list, nor to what is asked along with one.
Ask silent_on_inserts(std::size_t& silences) {
  return [&silences, segue = ask_segue(no_types())](const std::vector<Json>& requests) {
    std::vector<Json> replies = segue(requests);
    const bool is_silent = std::any_of(requests.begin(), requests.end(), [](const Json& request) {
      const bool composes = *request.find("verb") == Json("compose");
      return composes && notation(*request.find("op")).find("'li'") != std::string::npos;
    });
    if (!is_silent) return replies;
    ++silences;
    std::fill(replies.begin(), replies.end(), json("{'none':'ended'}"));
    return replies;
  };
}

TEST_CASE("conform: what is not answered is told from what was asked along with it, and shrunk") {
  std::size_t silences = 0;
  const auto outcomes = examined("json0", silent_on_inserts(silences));
  CHECK(outcome_of(outcomes, "apply").failed == 0);
  const Outcome& compose = outcome_of(outcomes, "compose");
  CHECK(compose.failed == 1);
  CHECK(compose.cases < 200);  // nothing more is asked of it then
  REQUIRE(compose.example.has_value());
  CHECK(compose.example->verdict == Verdict::none);
  CHECK(*compose.example->request.find("op") == json("[{'p':[0],'li':0}]"));
}

TEST_CASE("conform: where it can be asked no longer, the smallest found until then is shown") {
  std::size_t silences = 0;
  const Ask silent = silent_on_inserts(silences);
  const Ask weary = [&](const std::vector<Json>& requests) {
    if (silences > 3) throw std::runtime_error("too often");
    return silent(requests);
  };
  const auto outcomes = examined("json0", weary);
  const auto& example = outcome_of(outcomes, "compose").example;
  REQUIRE(example.has_value());
  CHECK(example->verdict == Verdict::none);
}

TEST_CASE("conform: a finding prints as a line of spec/vectors") {
  const Finding finding{Verdict::different, json("{'type':'json0','verb':'create','data':1}"),
                        json("{'ok':1}"), json("{'ok':2}")};
  CHECK(vector_line(finding, "a test") ==
        R"({"type":"json0","verb":"create","data":1,"src":"a test","expect":{"ok":1}})");
  const Finding refused{Verdict::accepted, json("{'type':'json0','verb':'create'}"),
                        json("{'err':'reject','msg':'why'}"), json("{'ok':2}")};
  CHECK(vector_line(refused, "a test") ==
        R"({"type":"json0","verb":"create","src":"a test","expect":{"err":"reject"}})");
}

TEST_CASE("conform: smaller values lose parts, letters or distance from 0") {
  const auto all = [](const char* value) { return notation(Json::array(smaller(json(value)))); };
  CHECK(all("null") == "[]");
  CHECK(all("3") == "[0,1,2]");
  CHECK(all("-1") == "[0]");
  CHECK(all("true") == "[0]");
  CHECK(all("'b'") == "['','a']");
  CHECK(all("[1,2]") == "[0,[],[2],[1],[0,2],[1,0],[1,1]]");
  CHECK(all("{'k':1}") == "[0,{},{'k':0}]");
}
