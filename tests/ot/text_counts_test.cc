#include "ot/text_counts.h"

#include <algorithm>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "tests/support/random.h"

using namespace segue::ot;

namespace {

// One, two, three and four bytes; such that JSON escapes, and half an astral character.
const std::vector<std::string> characters = {
    "a", "z", "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80", "\n", "\"", "\x01", "\xED\xA0\xBD"};

struct Sample {
  std::string text;
  std::vector<std::size_t> begins;  // of each character, and the end
};

Sample make_sample(segue::test::Random& random, std::size_t kinds) {
  Sample sample;
  for (std::size_t left = random.below(24); left > 0; --left) {
    sample.begins.push_back(sample.text.size());
    sample.text += characters[random.below(kinds)];
  }
  sample.begins.push_back(sample.text.size());
  return sample;
}

}  // namespace

TEST_CASE("text counts: a code point is found where it begins, and beyond the end the end") {
  segue::test::Random random(1);
  for (int i = 0; i < 5000; ++i) {
    const Sample sample = make_sample(random, 5);
    for (std::size_t at = 0; at < sample.begins.size() + 9; ++at) {
      const std::size_t expected = sample.begins[std::min(at, sample.begins.size() - 1)];
      const ByteOffset found = find_byte(sample.text, at, Unit::code_point);
      REQUIRE_MESSAGE(found.byte == expected, sample.text, " ", at);
      REQUIRE_FALSE(found.is_inside);
    }
  }
}

TEST_CASE("text counts: a text counts as much as its characters do") {
  segue::test::Random random(2);
  for (int i = 0; i < 5000; ++i) {
    const Sample sample = make_sample(random, i % 2 == 0 ? 5 : characters.size());
    TextCounts sum;
    for (std::size_t at = 0; at + 1 < sample.begins.size(); ++at) {
      const std::size_t begin = sample.begins[at];
      sum.add(count_text(sample.text.substr(begin, sample.begins[at + 1] - begin)));
    }
    REQUIRE_MESSAGE(count_text(sample.text) == sum, sample.text);
    REQUIRE(is_plain(sample.text) == (sum.printed == sum.bytes && sum.utf16 == sum.bytes));
  }
  CHECK(count_text("\xF0\x9F\x98\x80") == TextCounts{4, 1, 2, 4, false});
  CHECK(count_text("\xED\xA0\xBD") == TextCounts{3, 1, 1, 6, true});
  CHECK(count_text("\n") == TextCounts{1, 1, 1, 2, false});
}
