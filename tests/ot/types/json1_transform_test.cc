#include "ot/types/json1_transform.h"

#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "ot/types/json1.h"
#include "tests/support/json_notation.h"

using namespace segue::ot;
using segue::ot::json1::Meeting;
using segue::test::json;
using segue::test::notation;

namespace {

Json1::Op op(const std::string& text) {
  auto parsed = Json1::read(json(text));
  REQUIRE_MESSAGE(parsed, text);
  return *parsed;
}

std::string shown(const Json1::Op& edits) { return notation(Json1::to_json(edits)); }

std::string shown(const Result<Json1::Op>& edits) {
  return edits ? shown(*edits) : "error: " + edits.error().detail;
}

// The transformed op, or "conflict KIND: part of op against part of other".
std::string transform(const std::string& edits, const std::string& other, Side side) {
  const auto attempt = Json1::try_transform(op(edits), op(other), side);
  if (!attempt) return "error: " + attempt.error().detail;
  if (const auto* result = std::get_if<Json1::Op>(&*attempt)) return shown(*result);
  const auto& conflict = std::get<Json1::Conflict>(*attempt);
  return "conflict " + std::to_string(static_cast<int>(conflict.kind)) + ": " + shown(conflict.op) +
         " against " + shown(conflict.other);
}

std::string left(const std::string& edits, const std::string& other) {
  return transform(edits, other, Side::left);
}
std::string right(const std::string& edits, const std::string& other) {
  return transform(edits, other, Side::right);
}
// Where the side does not matter.
std::string either(const std::string& edits, const std::string& other) {
  std::string result = left(edits, other);
  CHECK(right(edits, other) == result);
  return result;
}

std::string resolved(const std::string& edits, const std::string& other, Side side) {
  return shown(Json1::transform_no_conflict(op(edits), op(other), side));
}

}  // namespace

TEST_CASE("json1 transform: what happens in other places only shifts indexes") {
  CHECK(either("[2,{'r':true}]", "[0,{'i':1}]") == "[3,{'r':true}]");
  CHECK(either("[2,{'i':1}]", "[0,{'r':true}]") == "[1,{'i':1}]");
  CHECK(either("['a',{'r':7}]", "['b',{'r':7}]") == "['a',{'r':true}]");
  CHECK(either("['a',{'et':'number','e':1}]", "null") == "['a',{'et':'number','e':1}]");
  CHECK(either("null", "['a',{'i':1}]") == "null");
}

TEST_CASE("json1 transform: of inserts at one index, the left one comes first") {
  CHECK(left("[1,{'i':'x'}]", "[1,{'i':'y'}]") == "[1,{'i':'x'}]");
  CHECK(right("[1,{'i':'x'}]", "[1,{'i':'y'}]") == "[2,{'i':'x'}]");
}

TEST_CASE("json1 transform: of two moves of one thing, the left one has its way") {
  const std::string to_b = "[['a',{'p':0}],['b',{'d':0}]]";
  const std::string to_c = "[['a',{'p':0}],['c',{'d':0}]]";
  CHECK(left(to_b, to_c) == "[['b',{'d':0}],['c',{'p':0}]]");
  CHECK(right(to_b, to_c) == "null");
  CHECK(either(to_b, to_b) == "null");
}

TEST_CASE("json1 transform: what both remove, or put to one key alike, happens once") {
  CHECK(either("['a',{'r':true}]", "['a',{'r':true}]") == "null");
  CHECK(either("['a',{'i':{'b':1}}]", "['a',{'i':{'b':1}}]") == "null");
  CHECK(either("['a',{'i':{}},'b',{'i':1}]", "['a',{'i':{}},'c',{'i':2}]") == "['a','b',{'i':1}]");
}

TEST_CASE("json1 transform: a removal follows the thing that was moved") {
  CHECK(either("['a',{'r':true}]", "[['a',{'p':0}],['b',{'d':0}]]") == "['b',{'r':true}]");
  CHECK(either("[['a',{'p':0}],['b',{'d':0}]]", "['a',{'r':true}]") == "null");
}

TEST_CASE("json1 transform: what is moved out of something survives its removal") {
  CHECK(either("[['a','b',{'p':0}],['c',{'d':0}]]", "[['a',{'r':true}],['x',{'i':1}]]") == "null");
  CHECK(either("['a',{'r':true}]", "[['a','b',{'p':0}],['c',{'d':0}]]") ==
        "[['a',{'r':true}],['c',{'r':true}]]");
  CHECK(either("[['a',{'r':true},'b',{'p':0}],['c',{'d':0}]]", "['a','b',{'ena':1}]") ==
        "[['a',{'r':true},'b',{'p':0}],['c',{'d':0}]]");
}

TEST_CASE("json1 transform: edits go along with what they are in") {
  CHECK(either("['a','t',{'es':[2,'x']}]", "[['a',{'p':0}],['b',1,{'d':0}]]") ==
        "['b',1,'t',{'es':[2,'x']}]");
  CHECK(left("[{'es':['x']}]", "[{'es':['y']}]") == "[{'es':['x']}]");
  CHECK(right("[{'es':['x']}]", "[{'es':['y']}]") == "[{'es':[1,'x']}]");
  CHECK(either("[{'ena':1}]", "[{'ena':2}]") == "[{'ena':1}]");
  CHECK(either("[{'ena':1}]", "[{'es':['x']}]") == "error: two edits of one value differ in type");
}

TEST_CASE("json1 conflict: one changes what the other removes") {
  CHECK(either("['a','b',{'i':1}]", "['a',{'r':7}]") ==
        "conflict 1: ['a','b',{'i':1}] against ['a',{'r':true}]");
  CHECK(either("['a',{'r':7}]", "['a','b',{'ena':1}]") ==
        "conflict 1: ['a',{'r':true}] against ['a','b',{'ena':1}]");
  CHECK(either("[['a','c',{'d':0}],['b',{'p':0}]]", "['a',{'r':7}]") ==
        "conflict 1: [['a','c',{'d':0}],['b',{'p':0}]] against ['a',{'r':true}]");
}

TEST_CASE("json1 conflict: both put something to one key") {
  CHECK(either("['a',{'i':1}]", "['a',{'i':2}]") ==
        "conflict 2: ['a',{'i':1}] against ['a',{'i':2}]");
  CHECK(either("[['a',{'p':0}],['c',{'d':0}]]", "[['b',{'p':0}],['c',{'d':0}]]") ==
        "conflict 2: [['a',{'p':0}],['c',{'d':0}]] against [['b',{'p':0}],['c',{'d':0}]]");
}

TEST_CASE("json1 conflict: each moves something into what the other moves") {
  const std::string a_into_b = "[['a',{'p':0}],['b','x',{'d':0}]]";
  const std::string b_into_a = "[['a','x',{'d':0}],['b',{'p':0}]]";
  CHECK(either(a_into_b, b_into_a) == "conflict 3: " + a_into_b + " against " + b_into_a);
}

TEST_CASE("json1 transform: a conflict is an error that says which") {
  CHECK(shown(Json1::transform(op("['a',{'i':1}]"), op("['a',{'i':2}]"), Side::left)) ==
        "error: both ops put something to one place");
}

TEST_CASE(
    "json1 resolving: the removal wins, of what collides the left one, and black holes vanish") {
  CHECK(resolved("['a','b',{'i':1}]", "['a',{'r':true}]", Side::left) == "null");
  CHECK(resolved("['a',{'r':true}]", "['a','b',{'i':1}]", Side::left) ==
        "['a',{'r':true},'b',{'r':true}]");
  CHECK(resolved("['a',{'i':1}]", "['a',{'i':2}]", Side::left) == "['a',{'r':true,'i':1}]");
  CHECK(resolved("['a',{'i':1}]", "['a',{'i':2}]", Side::right) == "null");
  CHECK(resolved("[['a',{'p':0}],['b','x',{'d':0}]]", "[['a','x',{'d':0}],['b',{'p':0}]]",
                 Side::left) == "['a',{'r':true},'x',{'r':true}]");
}

TEST_CASE("json1 resolving: a black hole of nothing, on which the reference never ends, is none") {
  // What is inserted into a thing goes into another, which goes into a third.
  const std::string ours =
      "[['m',{'p':0},'s',{'p':1}],['n',{'d':0},'t','s',{'d':1}],['x','y',{'i':1}]]";
  const std::string theirs = "[['m',['s','x',{'d':0}],['t',{'p':1}],['u',{'d':1}]],['x',{'p':0}]]";
  CHECK(either(ours, theirs) == "conflict 3: null against null");
  CHECK(resolved(ours, theirs, Side::left) ==
        "[['m',{'p':0},'s',{'p':1}],['n',{'d':0},'u','s',{'d':1},'x','y',{'i':1}]]");
}

TEST_CASE("json1 resolving: a kind that may not be resolved is answered as the conflict") {
  const auto only_removals = [](const Json1::Conflict& conflict) {
    return conflict.kind == Json1::Conflict::Kind::removed_content;
  };
  const auto attempt =
      Json1::transform_resolving(op("[['a',{'i':1}],['b','c',{'i':1}]]"),
                                 op("[['a',{'i':2}],['b',{'r':true}]]"), Side::left, only_removals);
  REQUIRE(attempt);
  REQUIRE(std::holds_alternative<Json1::Conflict>(*attempt));
  CHECK(std::get<Json1::Conflict>(*attempt).kind == Json1::Conflict::Kind::drop_collision);
}

TEST_CASE("json1 phases: scan_takes finds what both pick up, and what of theirs we remove") {
  const Json1::Op ours = op("[['a',{'p':0}],['b',{'r':true}],['x',{'d':0}]]");
  const Json1::Op theirs = op("[['a',{'p':0}],['b','c',{'p':1}],['y',{'d':0}],['z',{'d':1}]]");
  Meeting meeting(ours, theirs, Side::left);
  scan_takes(meeting);
  CHECK(meeting.others[0].twin == 0U);
  CHECK(meeting.own[0].has_twin);
  CHECK_FALSE(meeting.others[0].removed_by);
  REQUIRE(meeting.others[1].removed_by);
  CHECK(meeting.others[1].removed_by->key == json1::Key("b"));
}

TEST_CASE("json1 phases: scan_puts finds what is dropped into what we move, or remove") {
  const Json1::Op ours = op("[['a',{'p':0}],['b',{'r':true}],['x',{'d':0}]]");
  const Json1::Op into_moved = op("[['a','k',{'d':0}],['c',{'p':0}]]");
  Meeting moved(ours, into_moved, Side::left);
  scan_takes(moved);
  scan_puts(moved);
  CHECK(moved.own[0].holds == std::vector<json1::Slot>{0});
  CHECK_FALSE(moved.conflict);
  const Json1::Op into_removed = op("[['b','k',{'d':0}],['c',{'p':0}]]");
  Meeting removed(ours, into_removed, Side::left);
  scan_takes(removed);
  scan_puts(removed);
  REQUIRE(removed.conflict);
  CHECK(removed.conflict->kind == Json1::Conflict::Kind::removed_content);
}

TEST_CASE("json1 phases: write_takes writes into buffers what lies in what they moved") {
  const Json1::Op ours = op("[['a',0,{'r':true}],['b',{'r':true}]]");
  const Json1::Op theirs = op("[['a',{'p':0}],['c',{'d':0}]]");
  Meeting meeting(ours, theirs, Side::left);
  scan_takes(meeting);
  scan_puts(meeting);
  write_takes(meeting);
  REQUIRE(meeting.others[0].takes);
  CHECK(meeting.others[0].takes->children[0]->component.remove);
  merge_takes(meeting);
  CHECK(shown(meeting.scribe.finish(std::move(meeting.out))) ==
        "[['b',{'r':true}],['c',0,{'r':true}]]");
}

TEST_CASE("json1 phases: place_puts carries buffered puts to where the result moves the thing") {
  const Json1::Op ours = op("[['a',{'p':0},'k',{'p':1}],['b',{'d':0},'n',{'d':1}]]");
  const Json1::Op theirs = op("[['a','k',{'p':0}],['c',{'d':0}]]");
  CHECK(left(shown(ours), shown(theirs)) ==
        "[['a',{'p':0}],['b',{'d':0},'n',{'d':1}],['c',{'p':1}]]");
  CHECK(right(shown(ours), shown(theirs)) == "[['a',{'p':0}],['b',{'d':0}]]");
}
