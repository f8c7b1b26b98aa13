// What an op does to the thing at a path: AnyType::trace().
#include <optional>
#include <string>

#include <doctest/doctest.h>

#include "ot/builtin_types.h"
#include "ot/json_text.h"
#include "tests/ot/generate_plan.h"
#include "tests/ot/laws.h"

using namespace segue::ot;
using segue::conform::Generator;
using segue::conform::Random;
using segue::test::Laws;
using segue::test::notation;
using segue::test::Plan;

namespace {

Json json(std::string text) {
  for (char& c : text) {
    c = c == '\'' ? '"' : c;
  }
  return *parse_json(text);
}

// "path", with * where it is changed; "gone*".
std::string traced(const AnyType& type, const std::string& path, const std::string& op) {
  const auto parsed = type.parse(json(op));
  REQUIRE_MESSAGE(parsed.has_value(), op);
  const auto result = type.trace(json(path), *parsed);
  REQUIRE_MESSAGE(result.has_value(), op);
  return (result->path.is_null() ? "gone" : json_text(result->path)) + (result->changed ? "*" : "");
}
std::string in_json0(const std::string& path, const std::string& op) {
  return traced(erase<Json0>(), path, op);
}
std::string in_json1(const std::string& path, const std::string& op) {
  return traced(erase<Json1>(), path, op);
}

// RecordType as something with static functions, for the templates.
struct PlanPaths : Plan {
  static Result<Traced> trace(const Json& path, const Op& op) {
    return segue::test::plan_type().trace(path, op);
  }
};

// What is at the path; nothing where a last key is missing.
std::optional<Json> at(const Json& doc, const Json& path) {
  const Json* here = &doc;
  for (std::size_t i = 0; i < path.size() && here != nullptr; ++i) {
    here = path[i].is_string() ? here->find(path[i].str())
                               : &(*here)[static_cast<std::size_t>(path[i].number())];
  }
  return here != nullptr ? std::optional(*here) : std::nullopt;
}

// Every path in `value`, `prefix` leading to it, and some to keys that are missing.
void collect(const Json& value, const Json& prefix, std::vector<Json>& paths) {
  paths.push_back(prefix);
  const auto below = [&](Json step, const Json& child) {
    Json path = prefix;
    path.push_back(std::move(step));
    collect(child, path, paths);
  };
  if (value.is_array()) {
    for (std::size_t i = 0; i < value.size(); ++i) {
      below(Json(static_cast<double>(i)), value[i]);
    }
  } else if (value.is_object()) {
    value.for_each_member(
        [&](std::string_view key, const Json& child) { below(Json(std::string(key)), child); });
    for (const char* key : {"a", "b", "x", "y"}) {
      if (value.find(key) == nullptr) {
        paths.push_back(prefix);
        paths.back().push_back(key);
      }
    }
  }
}

template <class T, class Paths>
void check_unchanged(const Json& doc, const typename T::Op& op) {
  const auto after = Laws<T>::after(doc, op);
  REQUIRE(after.has_value());
  std::vector<Json> paths;
  collect(doc, Json::array(), paths);
  for (const Json& path : paths) {
    const auto result = Paths::trace(path, op);
    if (!result) {
      continue;  // No path of a record, such as one to an id.
    }
    const bool gone = result->path.is_null();
    CHECK((!gone || result->changed));
    if (!gone && !result->changed && at(doc, path) != at(*after, result->path)) {
      FAIL(notation(doc) << " with " << Laws<T>::shown(op) << " at " << json_text(path)
                         << " is not what is at " << json_text(result->path));
    }
  }
}

template <class T, class Paths = T>
void check_all() {
  for (const Json& doc : Generator<T>::tiny_docs()) {
    for (const auto& op : Generator<T>::tiny_ops(doc)) {
      check_unchanged<T, Paths>(doc, op);
    }
  }
  Random random(7);
  for (int round = 0; round < 2'000; ++round) {
    Generator<T> generator(random);
    const Json doc = generator.doc();
    check_unchanged<T, Paths>(doc, generator.op(doc));
  }
}

}  // namespace

TEST_CASE("trace: what an op does not change is the same at its new path, in json0") {
  check_all<Json0>();
}
TEST_CASE("trace: what an op does not change is the same at its new path, in json1") {
  check_all<Json1>();
}
TEST_CASE("trace: what an op does not change is the same at its new path, in records") {
  check_all<Plan, PlanPaths>();
}

TEST_CASE("trace json0: an element follows inserts, removals and moves, and is not changed") {
  CHECK(in_json0("['l',2]", "[{'p':['l',0],'li':1}]") == R"(["l",3])");
  CHECK(in_json0("['l',2]", "[{'p':['l',2],'li':1}]") == R"(["l",3])");
  CHECK(in_json0("['l',2]", "[{'p':['l',3],'li':1}]") == R"(["l",2])");
  CHECK(in_json0("['l',2]", "[{'p':['l',0],'ld':1}]") == R"(["l",1])");
  CHECK(in_json0("['l',2,'name']", "[{'p':['l',2],'lm':0}]") == R"(["l",0,"name"])");
  CHECK(in_json0("['l',2]", "[{'p':['l',0],'lm':2}]") == R"(["l",1])");
  CHECK(in_json0("['l',2]", "[{'p':['l',3],'lm':1}]") == R"(["l",3])");
  CHECK(in_json0("['l',2]", "[{'p':['m',0],'li':1}]") == R"(["l",2])");
}

TEST_CASE("trace json0: what is in a thing changes it, what is beside it does not") {
  CHECK(in_json0("['venue']", "[{'p':['venue',0],'si':'x'}]") == R"(["venue"]*)");
  CHECK(in_json0("['venue']", "[{'p':['venue','name'],'od':1,'oi':2}]") == R"(["venue"]*)");
  CHECK(in_json0("['venue','name']", "[{'p':['venue','phone'],'oi':2}]") == R"(["venue","name"])");
  CHECK(in_json0("['l']", "[{'p':['l',0],'lm':1}]") == R"(["l"]*)");
  CHECK(in_json0("[]", "[{'p':['x'],'na':1}]") == "[]*");
}

TEST_CASE("trace json0: a replaced value is the same thing, what was in it is gone") {
  CHECK(in_json0("['venue']", "[{'p':['venue'],'od':1,'oi':2}]") == R"(["venue"]*)");
  CHECK(in_json0("['venue']", "[{'p':['venue'],'od':1}]") == R"(["venue"]*)");
  CHECK(in_json0("['venue','name']", "[{'p':['venue'],'od':{},'oi':{}}]") == "gone*");
  CHECK(in_json0("['l',1]", "[{'p':['l',1],'ld':1,'li':2}]") == R"(["l",1]*)");
  CHECK(in_json0("['l',1,'x']", "[{'p':['l',1],'ld':1,'li':2}]") == "gone*");
  CHECK(in_json0("['l',1]", "[{'p':['l',1],'ld':1}]") == "gone*");
}

TEST_CASE("trace json1: things follow moves between places, and edits change them where they are") {
  CHECK(in_json1("['a',1]", "[['a',1,{'p':0}],['b',{'d':0}]]") == R"(["b"])");
  CHECK(in_json1("['a',1,'x']", "[['a',1,{'p':0}],['b',{'d':0},'x',{'i':2}]]") == R"(["b","x"]*)");
  CHECK(in_json1("['a',1]", "['a',0,{'i':1}]") == R"(["a",2])");
  CHECK(in_json1("['a',1]", "['a',1,{'r':true}]") == "gone*");
  CHECK(in_json1("['a']", "['a',{'r':true,'i':2}]") == R"(["a"]*)");
  CHECK(in_json1("['a','x']", "['a',{'r':true,'i':{}}]") == "gone*");
  CHECK(in_json1("['a']", "['a',1,{'r':true}]") == R"(["a"]*)");
  CHECK(in_json1("['a']", "['b',{'r':true}]") == R"(["a"])");
}

TEST_CASE("trace: a text has one path, the whole document") {
  CHECK(traced(erase<TextUnicode>(), "[]", "['x']") == "[]*");
  CHECK(erase<TextUnicode>().hold_of(json("[]")).has_value());
  CHECK(erase<TextUnicode>().hold_of(json("[1]")).error().code == Errc::op_badly_formed);
}
