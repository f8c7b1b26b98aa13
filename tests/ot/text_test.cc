#include "ot/text.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "ot/json_text.h"
#include "ot/text_counts.h"
#include "tests/support/random.h"

using namespace segue::ot;
using segue::test::Random;

namespace {

const std::string astral = "\xF0\x9F\x98\x80";
const std::string high = "\xED\xA0\xBD";
const std::string low = "\xED\xB8\x80";

// A string as JavaScript holds it: what a Text is compared with.
std::string wtf8_of(const std::u16string& units) {
  std::string out;
  for (const char16_t unit : units) {
    std::string one;
    encode(unit, one);
    append_wtf8(out, one);
  }
  return out;
}

std::string wtf8_joined(const std::vector<std::string>& parts) {
  std::string out;
  for (const std::string& part : parts) append_wtf8(out, part);
  return out;
}

std::size_t printed_bytes_of(const std::string& wtf8) {
  std::string out;
  print_json_string(wtf8, out);
  return out.size();
}

void check_equal(const Text& text, const std::string& wtf8) {
  REQUIRE(text.str() == wtf8);
  REQUIRE(is_wtf8(wtf8));
  REQUIRE(text == std::string_view(wtf8));
  REQUIRE(text == Text(wtf8));
  REQUIRE(text.bytes() == wtf8.size());
  REQUIRE(text.length(Unit::utf16) == count_utf16(wtf8));
  REQUIRE(text.length(Unit::code_point) == count_code_points(wtf8));
  REQUIRE(text.has_lone_surrogate() == has_lone_surrogate(wtf8));
  REQUIRE(text.printed_bytes() == printed_bytes_of(wtf8));
  text.for_each_chunk([](std::string_view chunk) {
    REQUIRE(!chunk.empty());
    REQUIRE(chunk.size() <= 1032);
  });
}

// Few letters, many of them halves of characters.
std::u16string random_units(Random& random, std::size_t size) {
  static constexpr std::u16string_view letters =
      u"ab\"\n\u0001\u00E9\u20AC\xD83D\xDE00\xD800\xDFFF";
  std::u16string units;
  for (std::size_t i = 0; i < size; ++i) units.push_back(letters[random.below(letters.size())]);
  return units;
}

void edit_both(Text& text, std::u16string& units, Random& random, std::size_t size_max) {
  const std::size_t at = random.below(units.size() + 1);
  const std::size_t size = random.below(size_max) + 1;
  if (random.below(2) == 0) {
    const std::u16string more = random_units(random, size);
    text.insert(at, wtf8_of(more), Unit::utf16);
    units.insert(at, more);
  } else {
    const std::size_t count = std::min(size, units.size() - at);
    CHECK(text.slice(at, count, Unit::utf16) == wtf8_of(units.substr(at, count)));
    text.erase(at, count, Unit::utf16);
    units.erase(at, count);
  }
}

}  // namespace

TEST_CASE("text: an empty one has no length and prints as two quotes") {
  const Text text;
  CHECK(text.empty());
  CHECK(text.printed_bytes() == 2);
  CHECK(text.flat() == "");
  CHECK(text == Text(""));
}

TEST_CASE("text: positions count code points or UTF-16 units, as asked") {
  Text text("a" + astral + "b");
  text.insert(2, "x", Unit::code_point);
  CHECK(text.str() == "a" + astral + "xb");
  text.insert(3, "y", Unit::utf16);
  CHECK(text.str() == "a" + astral + "yxb");
  text.erase(1, 1, Unit::code_point);
  CHECK(text.str() == "ayxb");
}

TEST_CASE("text: an insert inside an astral character leaves its halves on either side") {
  Text text(astral);
  text.insert(1, "x", Unit::utf16);
  CHECK(text.str() == high + "x" + low);
  CHECK(text.has_lone_surrogate());
}

TEST_CASE("text: halves that an erase brings together are one character again") {
  Text text(high + "x" + low);
  text.erase(1, 1, Unit::utf16);
  CHECK(text.str() == astral);
  CHECK_FALSE(text.has_lone_surrogate());
}

TEST_CASE("text: halves are joined with either edge of an insert") {
  Text text("a" + high + "b");
  text.insert(2, low + "x" + high, Unit::utf16);
  CHECK(text.str() == "a" + astral + "x" + high + "b");
  text.insert(5, low, Unit::utf16);
  CHECK(text.str() == "a" + astral + "x" + astral + "b");
}

TEST_CASE("text: an erase may begin and end inside astral characters") {
  Text text(astral + "ab" + astral);
  text.erase(1, 4, Unit::utf16);
  CHECK(text.str() == astral);
}

TEST_CASE("text: a slice may begin and end inside astral characters") {
  const Text text(astral + "ab" + astral);
  CHECK(text.slice(1, 4, Unit::utf16) == low + "ab" + high);
  CHECK(text.slice(1, 1, Unit::utf16) == low);
  CHECK(text.slice(0, 1, Unit::utf16) == high);
  CHECK(text.slice(1, 0, Unit::utf16) == "");
  CHECK(text.slice(1, 2, Unit::code_point) == "ab");
}

TEST_CASE("text: halves on either side of a chunk's border are joined") {
  // Cut the character out of the middle at every place around a likely border, and put it back.
  const std::string padding(1100, 'a');
  for (std::size_t at = 900; at <= 1100; ++at) {
    Text text(padding + padding);
    text.insert(at, high, Unit::utf16);
    text.insert(at + 1, std::string(1024, 'b'), Unit::utf16);
    text.insert(at + 1025, low, Unit::utf16);
    text.erase(at + 1, 1024, Unit::utf16);
    check_equal(text, (padding + padding).insert(at, astral));
  }
}

TEST_CASE("text: does as a string of UTF-16 units does, over random edits") {
  for (std::uint64_t seed = 1; seed <= 24; ++seed) {
    Random random(seed);
    Text text;
    std::u16string units;
    for (int i = 0; i < 80; ++i) {
      edit_both(text, units, random, seed % 3 == 0 ? 2000 : 12);
      check_equal(text, wtf8_of(units));
    }
  }
}

TEST_CASE("text: does as a string does at a length of a few, and leaves its copies alone") {
  Random random(3);
  Text text;
  std::u16string units;
  for (int i = 0; i < 20'000; ++i) {
    const Text before = text;
    const std::string expected = wtf8_of(units);
    if (units.size() > 9) {
      text.erase(0, 4, Unit::utf16);
      units.erase(0, 4);
    } else if (random.below(2) == 0) {
      text.insert(text.length(Unit::utf16), "a", Unit::utf16);
      units.push_back(u'a');
    } else {
      edit_both(text, units, random, 3);
    }
    check_equal(before, expected);
    Text moved = std::move(text);
    text = moved;
    check_equal(text, wtf8_of(units));
    CHECK((text == before) == (wtf8_of(units) == expected));
  }
}

TEST_CASE("text: does as a string does at a length of 100,000, and leaves its copies alone") {
  Random random(5);
  std::u16string units = random_units(random, 100'000);
  Text text(wtf8_of(units));
  std::vector<std::pair<Text, std::string>> snapshots;
  for (int i = 0; i < 3000; ++i) {
    edit_both(text, units, random, i % 50 == 0 ? 5000 : 8);
    if (i % 300 == 0) snapshots.emplace_back(text, wtf8_of(units));
  }
  check_equal(text, wtf8_of(units));
  for (const auto& [copy, expected] : snapshots) check_equal(copy, expected);
}

TEST_CASE("text: does as a string of code points does, over random edits") {
  Random random(11);
  Text text(std::string(3000, 'z'));
  std::u32string points(3000, U'z');
  const std::u32string letters = U"ab\u20AC\U0001F600";
  for (int i = 0; i < 2000; ++i) {
    const std::size_t at = random.below(points.size() + 1);
    if (random.below(2) == 0) {
      const char32_t letter = letters[random.below(letters.size())];
      std::string one;
      encode(letter, one);
      text.insert(at, one, Unit::code_point);
      points.insert(at, 1, letter);
    } else {
      const std::size_t count = std::min<std::size_t>(random.below(3), points.size() - at);
      text.erase(at, count, Unit::code_point);
      points.erase(at, count);
    }
  }
  std::string expected;
  for (const char32_t c : points) encode(c, expected);
  check_equal(text, expected);
}

TEST_CASE("text: one that is rewritten counts what comes and goes") {
  Text text;
  std::string before;
  for (const std::size_t size : {1U, 5U, 8U, 300U, 1023U, 1024U, 5000U, 40U, 7U, 0U}) {
    std::string after;
    while (after.size() < size) after += after.size() % 3 == 0 ? "\xC3\xA9" : "\n";
    text.rewrite(after, count_text(before), count_text(after));
    check_equal(text, after);
    before = after;
  }
}

TEST_CASE("text: erasing everything of a long one leaves the empty one") {
  Text text(std::string(50'000, 'x'));
  CHECK_FALSE(text.flat());
  text.erase(0, 50'000, Unit::utf16);
  CHECK(text.empty());
  CHECK(text == Text());
}

TEST_CASE("text: one that became short is equal to one that always was") {
  Text text(std::string(5000, 'x'));
  text.erase(10, 4980, Unit::utf16);
  check_equal(text, std::string(20, 'x'));
  CHECK(text.flat());
}

TEST_CASE("text: typing one letter after another does not leave small chunks behind") {
  Text text(std::string(2000, 'a'));
  for (std::size_t i = 0; i < 20'000; ++i) text.insert(1000 + i, "x", Unit::utf16);
  std::size_t chunks = 0;
  text.for_each_chunk([&](std::string_view) { ++chunks; });
  CHECK(chunks <= 22'000 / 400);
}

TEST_CASE("text: edits in place do not show in copies, and all counts stay right") {
  Random random(11);
  for (const std::size_t start : {0U, 20U, 900U, 5000U}) {
    std::string model = std::string(start, 'x') + astral;
    Text text{model};
    for (int round = 0; round < 600; ++round) {
      const Text copy = random.below(4) == 0 ? text : Text();
      const std::string before = text.str();
      const std::size_t length = text.length(Unit::code_point);
      const std::size_t at = random.below(length + 1);
      const std::string head = text.slice(0, at, Unit::code_point);
      const std::size_t count = std::min<std::size_t>(random.below(6), length - at);
      if (random.below(2) == 0) {
        const Text added(random.below(2) == 0 ? "a\n" + astral : "\xE2\x82\xAC" + high);
        text.insert(at, added, Unit::code_point);
        check_equal(text, wtf8_joined({head, added.str(), before.substr(head.size())}));
      } else {
        const std::string gone = text.slice(at, count, Unit::code_point);
        text.erase(at, count, Unit::code_point);
        check_equal(text, wtf8_joined({head, before.substr(head.size() + gone.size())}));
      }
      if (!copy.empty()) check_equal(copy, before);
    }
  }
}
