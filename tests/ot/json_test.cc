#include "ot/json.h"

#include <algorithm>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "ot/json_object.h"
#include "ot/json_text.h"
#include "tests/support/random.h"

using namespace segue::ot;
using segue::test::Random;

namespace {

Json read(std::string_view text) {
  auto value = parse_json(text, {.depth_max = 1000});
  REQUIRE(value);
  return std::move(*value);
}

std::size_t depth_of(std::string_view text) {
  std::size_t depth = 0;
  std::size_t deepest = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (in_string && text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      in_string = !in_string;
    } else if (!in_string && (text[i] == '[' || text[i] == '{')) {
      deepest = std::max(deepest, ++depth);
    } else if (!in_string && (text[i] == ']' || text[i] == '}')) {
      --depth;
    }
  }
  return deepest;
}

void check_measures(const Json& value) {
  const std::string text = json_text(value);
  REQUIRE(value.printed_bytes() == text.size());
  REQUIRE(value.depth() == depth_of(text));
  REQUIRE(value == read(text));
  REQUIRE(json_text(read(text)) == text);
}

std::string random_key(Random& random) {
  static const std::vector<std::string> keys = {"a",
                                                "b",
                                                "",
                                                "\n\xC3\xA9",
                                                "0",
                                                "7",
                                                "10",
                                                "4294967294",
                                                "4294967295",
                                                "01",
                                                "a key that is too long to stand in place",
                                                "another key that is too long\n"};
  if (random.below(3) > 0) return keys[random.below(keys.size())];
  return (random.below(2) == 0 ? "k" : "") + std::to_string(random.below(60));
}

Json random_value(Random& random, std::size_t depth) {
  static const std::vector<double> numbers = {0, -0.0, 1, -17, 0.1, 1e21, 1e-7, 12345.678};
  switch (random.below(depth > 0 ? 7 : 4)) {
    case 0:
      return nullptr;
    case 1:
      return random.below(2) == 0;
    case 2:
      return numbers[random.below(numbers.size())];
    case 3:
      return std::string(random.below(40), "a\"\n"[random.below(3)]);
    case 4: {
      Json array = Json::array();
      for (std::size_t i = random.below(5); i > 0; --i) {
        array.insert(random.below(array.size() + 1), random_value(random, depth - 1));
      }
      return array;
    }
    default: {
      Json object = Json::object();
      for (std::size_t i = random.below(5); i > 0; --i) {
        object.set(random_key(random), random_value(random, depth - 1));
      }
      return object;
    }
  }
}

void edit_randomly(Json& value, Random& random);

void edit_array(Json& array, Random& random) {
  const std::size_t what = array.size() == 0 ? 0 : random.below(4);
  if (what == 0) return array.insert(random.below(array.size() + 1), random_value(random, 3));
  const std::size_t at = random.below(array.size());
  if (what == 1) {
    const Json expected = array[at];
    CHECK(array.erase(at) == expected);
  } else if (what == 2) {
    const Json expected = array[at];
    CHECK(array.replace(at, random_value(random, 3)) == expected);
  } else {
    array.edit(at, [&](Json& child) { edit_randomly(child, random); });
  }
}

void edit_object(Json& object, Random& random) {
  const std::string key = random_key(random);
  const bool is_there = object.find(key) != nullptr;
  switch (random.below(4)) {
    case 0:
    case 1:
      return object.set(key, random_value(random, 3));
    case 2:
      CHECK(object.remove(key).has_value() == is_there);
      return;
    default:
      if (is_there) object.edit(key, [&](Json& child) { edit_randomly(child, random); });
  }
}

void edit_randomly(Json& value, Random& random) {
  if (value.is_array()) return edit_array(value, random);
  if (value.is_object()) return edit_object(value, random);
  if (value.is_string() && random.below(2) == 0) {
    return value.edit_text(
        [](Text& text) { text.insert(text.length(Unit::utf16), "\t", Unit::utf16); });
  }
  value = random_value(random, 3);
}

// An object as JavaScript keeps it: index keys ascending, then the others as they came.
class NaiveObject {
 public:
  void set(const std::string& key, int value) {
    for (auto& [name, held] : others_) {
      if (name == key) {
        held = value;
        return;
      }
    }
    others_.emplace_back(key, value);
  }
  void remove(const std::string& key) {
    std::erase_if(others_, [&](const auto& member) { return member.first == key; });
  }
  std::string text() const {
    auto members = others_;
    const auto is_index = [](const auto& member) { return member.first[0] != 'k'; };
    const auto others = std::stable_partition(members.begin(), members.end(), is_index);
    std::sort(members.begin(), others, [](const auto& a, const auto& b) {
      return std::stoul(a.first) < std::stoul(b.first);
    });
    std::string out = "{";
    for (const auto& [key, value] : members) {
      if (out.size() > 1) out += ',';
      out += "\"" + key + "\":" + std::to_string(value);
    }
    return out + "}";
  }

 private:
  std::vector<std::pair<std::string, int>> others_;
};

}  // namespace

TEST_CASE("json: a value is sixteen bytes") { CHECK(sizeof(Json) == 16); }

TEST_CASE("json: scalars say what they are") {
  CHECK(Json().is_null());
  CHECK(Json(nullptr).is_null());
  CHECK(Json(true).boolean());
  CHECK(Json(3).number() == 3);
  CHECK(Json(2.5).number() == 2.5);
  CHECK(Json("x").str() == "x");
  CHECK(Json(std::string("x")).text() == std::string_view("x"));
  CHECK(Json(Text("x")).is_string());
}

TEST_CASE("json: find answers nothing for a key that is not there, and for what is no object") {
  CHECK(Json::object({{"a", 1}}).find("b") == nullptr);
  CHECK(Json::array({1}).find("0") == nullptr);
  CHECK(Json("a").find("a") == nullptr);
  CHECK(Json().find("a") == nullptr);
}

TEST_CASE("json: keys are told apart wherever they differ") {
  std::vector<std::string> keys = {"", std::string(1, '\0'), std::string(2, '\0'), "\"", "\n"};
  for (std::size_t size = 1; size <= 30; ++size) {
    const std::string same(size - 1, 'a');
    for (const char last : {'a', 'b'}) keys.push_back(same + last);
  }
  Json few = Json::object();
  Json many = Json::object();
  for (std::size_t i = 0; i < keys.size(); ++i) {
    CHECK(many.find(keys[i]) == nullptr);
    many.set(keys[i], i);
    few = Json::object({{keys[i], i}, {keys[(i + 1) % keys.size()], 0}});
    for (const std::string& key : keys) {
      const bool is_there = key == keys[i] || key == keys[(i + 1) % keys.size()];
      CHECK((few.find(key) != nullptr) == is_there);
      CHECK(few.add(JsonKey(key), Json(1)) != is_there);
      if (!is_there) CHECK(few.extract(JsonKey(key))->value == Json(1));
    }
  }
  for (std::size_t i = 0; i < keys.size(); ++i) CHECK(*many.find(keys[i]) == Json(i));
}

TEST_CASE("json: what is added goes last, or is left where the key is known") {
  Json object = read(R"({"a":1,"b":2})");
  Json value("c");
  CHECK_FALSE(object.add(JsonKey("a"), std::move(value)));
  CHECK(value == Json("c"));  // NOLINT(bugprone-use-after-move): this is what is tested.
  CHECK(object.add(JsonKey("c"), std::move(value)));
  CHECK(object.add(JsonKey("7"), 7));
  CHECK(json_text(object) == R"({"7":7,"a":1,"b":2,"c":"c"})");
  check_measures(object);
}

TEST_CASE("json: moving from a value leaves null") {
  Json from = Json::array({1, 2});
  const Json to = std::move(from);
  // NOLINTNEXTLINE(bugprone-use-after-move,clang-analyzer-cplusplus.Move): this is what is tested.
  CHECK(from.is_null());
  CHECK(to.size() == 2);
}

TEST_CASE("json: a value may be assigned a part of itself") {
  Json value = read("[[1,[2]]]");
  value = value[0];
  CHECK(json_text(value) == "[1,[2]]");
  value = Json(value);
  CHECK(json_text(value) == "[1,[2]]");
}

TEST_CASE("json: edit returns what the edit returns, and adds up sizes again") {
  Json value = read(R"({"a":[1,{"b":"x"}]})");
  const auto length = value.edit("a", [](Json& a) {
    return a.edit(1, [](Json& b) {
      return b.edit("b", [](Json& x) {
        x.edit_text([](Text& text) { text.insert(1, "yz", Unit::utf16); });
        return x.text().length(Unit::utf16);
      });
    });
  });
  CHECK(length == 3);
  CHECK(json_text(value) == R"({"a":[1,{"b":"xyz"}]})");
  check_measures(value);
}

TEST_CASE("json: an edit of a copy leaves the original alone") {
  const Json original = read(R"({"list":[1,2,{"a":"text"}],"n":1})");
  const std::string before = json_text(original);
  Json copy = original;
  copy.edit("list", [](Json& list) {
    list.edit(2, [](Json& object) { object.set("a", 5); });
    list.erase(0);
  });
  copy.remove("n");
  CHECK(json_text(copy) == R"({"list":[2,{"a":5}]})");
  CHECK(json_text(original) == before);
}

TEST_CASE("json: sizes, depths and equality are right after random edits, and copies unchanged") {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    Random random(seed);
    Json value = seed % 2 == 0 ? Json::object() : Json::array();
    std::vector<std::pair<Json, std::string>> snapshots;
    for (int i = 0; i < 150; ++i) {
      edit_randomly(value, random);
      if (i % 5 == 0) check_measures(value);
      if (i % 25 == 0) snapshots.emplace_back(value, json_text(value));
    }
    for (const auto& [copy, text] : snapshots) CHECK(json_text(copy) == text);
  }
}

TEST_CASE("json: order of keys does not count for equality, values and kinds do") {
  CHECK(read(R"({"a":1,"b":2})") == read(R"({"b":2,"a":1})"));
  CHECK_FALSE(read(R"({"a":1,"b":2})") == read(R"({"b":1,"a":2})"));
  CHECK_FALSE(read(R"({"a":1})") == read(R"({"a":1,"b":2})"));
  CHECK_FALSE(read(R"({"a":1})") == read(R"({"b":1})"));
  CHECK_FALSE(read("[1,2]") == read("[2,1]"));
  CHECK_FALSE(read("[]") == read("{}"));
  CHECK_FALSE(Json(0) == Json(false));
  CHECK(Json(0) == Json(-0.0));
}

TEST_CASE("json: array-index keys come first in ascending order, the rest as they were put in") {
  Json value = Json::object();
  for (const char* key : {"b", "10", "a", "4294967295", "4294967294", "01", "2", "-1", "0"}) {
    value.set(key, 0);
  }
  CHECK(json_text(value) ==
        R"({"0":0,"2":0,"10":0,"4294967294":0,"b":0,"a":0,"4294967295":0,"01":0,"-1":0})");
}

TEST_CASE("json: a known key keeps its place, one removed and put in again goes last") {
  Json value = read(R"({"a":1,"b":2,"c":3})");
  value.set("a", 4);
  CHECK(json_text(value) == R"({"a":4,"b":2,"c":3})");
  value.remove("a");
  value.set("a", 5);
  CHECK(json_text(value) == R"({"b":2,"c":3,"a":5})");
}

TEST_CASE("json: an object does as JavaScript's does while it grows and shrinks around an index") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    Random random(seed);
    Json object = Json::object();
    NaiveObject naive;
    for (int i = 0; i < 600; ++i) {
      const std::size_t number = random.below(40);
      const std::string key = (random.below(3) == 0 ? "" : "k") + std::to_string(number);
      if (random.below(10) < ((i / 100) % 2 == 0 ? 8U : 2U)) {
        naive.set(key, i);
        object.set(key, i);
      } else {
        naive.remove(key);
        object.remove(key);
      }
      REQUIRE(json_text(object) == naive.text());
      REQUIRE(object.printed_bytes() == naive.text().size());
    }
  }
}

TEST_CASE("json: the trees of a large object agree with each other") {
  Random random(3);
  JsonObject object;
  for (int i = 0; i < 3000; ++i) {
    const std::string key = std::to_string(random.below(2) * 100'000 + random.below(500)) +
                            (random.below(2) == 0 ? "k" : "");
    if (random.below(3) > 0) {
      object.set(key, i);
    } else {
      object.extract(JsonKeySought(key));
    }
    if (i % 100 == 0) CHECK(object.is_sound());
  }
}

TEST_CASE("json: an object of 65,536 keys finds, sets and removes each") {
  Json object = Json::object();
  for (int i = 0; i < 65'536; ++i) object.set("key " + std::to_string(i), i);
  CHECK(object.size() == 65'536);
  CHECK(object.printed_bytes() == json_text(object).size());
  for (int i = 0; i < 65'536; i += 7) CHECK(object.find("key " + std::to_string(i))->number() == i);
  for (int i = 0; i < 65'536; ++i) object.remove("key " + std::to_string(i));
  CHECK(json_text(object) == "{}");
}

TEST_CASE("json: a list of a million elements is read, edited, compared and printed") {
  std::string text = "[";
  for (int i = 0; i < 1'000'000; ++i) text += "1,";
  text.back() = ']';
  Json list = read(text);
  CHECK(list.size() == 1'000'000);
  CHECK(json_text(list) == text);
  Json copy = list;
  copy.insert(500'000, "x");
  CHECK_FALSE(copy == list);
  copy.erase(500'000);
  CHECK(copy == list);
}

TEST_CASE("json: two threads may edit and read values that share their nodes") {
  const Json shared = [] {
    Json value = Json::object({{"text", std::string(5000, 'x')}, {"list", Json::array()}});
    value.edit("list", [](Json& list) {
      for (int i = 0; i < 2000; ++i) list.push_back(i);
    });
    for (int i = 0; i < 100; ++i) value.set("a long key that is shared " + std::to_string(i), i);
    return value;
  }();
  const auto work = [](Json value, std::size_t offset, std::string& out) {
    for (std::size_t i = 0; i < 300; ++i) {
      const Json snapshot = value;
      value.edit("list", [&](Json& list) { list.replace((i * 7 + offset) % 2000, "changed"); });
      value.edit("text", [&](Json& text) {
        text.edit_text([&](Text& t) { t.insert(i * 11 + offset, "y", Unit::utf16); });
      });
      value.set("a long key that is shared " + std::to_string(i % 100), Json());
      if (i % 50 == 0 && snapshot == value) out = "an edit was lost";
    }
    out += json_text(value);
  };
  std::string expected[2];
  for (std::size_t i = 0; i < 2; ++i) work(shared, i, expected[i]);
  std::string texts[2];
  {
    Json copies[2] = {shared, shared};
    std::thread first(work, std::move(copies[0]), 0, std::ref(texts[0]));
    std::thread second(work, std::move(copies[1]), 1, std::ref(texts[1]));
    first.join();
    second.join();
  }
  CHECK(texts[0] == expected[0]);
  CHECK(texts[1] == expected[1]);
}
