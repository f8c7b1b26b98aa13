#include "ot/utf8.h"

#include <string>
#include <vector>

#include <doctest/doctest.h>

using namespace segue::ot;
using namespace std::string_literals;

namespace {

const std::string astral = "\xF0\x9F\x98\x80";  // U+1F600, in UTF-16 D83D DE00
const std::string high = "\xED\xA0\xBD";
const std::string low = "\xED\xB8\x80";

}  // namespace

TEST_CASE("utf8: characters of every length at the bounds of their ranges are valid") {
  for (const auto& text : {""s, "\0"s, "\x7F"s, "\xC2\x80"s, "\xDF\xBF"s, "\xE0\xA0\x80"s,
                           "\xED\x9F\xBF"s, "\xEE\x80\x80"s, "\xEF\xBF\xBF"s, "\xF0\x90\x80\x80"s,
                           "\xF4\x8F\xBF\xBF"s, "ascii of more than eight bytes \xC3\xA9"s}) {
    CHECK(is_utf8(text));
    CHECK(is_wtf8(text));
  }
}

TEST_CASE("utf8: overlong, truncated, stray and out-of-range bytes are invalid") {
  for (const auto& text :
       {"\x80"s, "\xC0\x80"s, "\xC1\xBF"s, "\xC2"s, "\xC2\x41"s, "\xE0\x9F\xBF"s, "\xE2\x82"s,
        "\xE2\x82\x41"s, "\xF0\x8F\xBF\xBF"s, "\xF0\x9F\x98"s, "\xF4\x90\x80\x80"s,
        "\xF5\x80\x80\x80"s, "\xFF"s, "eight asc\xC3"s, "12345678\x80"s}) {
    CHECK_FALSE(is_utf8(text));
    CHECK_FALSE(is_wtf8(text));
  }
}

TEST_CASE("utf8: a lone surrogate is WTF-8 but not UTF-8") {
  for (const auto& text :
       {high, low, low + high, high + high, std::string(high).append("a").append(low)}) {
    CHECK_FALSE(is_utf8(text));
    CHECK(is_wtf8(text));
    CHECK(has_lone_surrogate(text));
  }
  CHECK_FALSE(has_lone_surrogate(astral + "\xED\x9F\xBF"));
}

TEST_CASE("utf8: two surrogates that make a pair are not WTF-8") {
  CHECK_FALSE(is_wtf8(high + low));
  CHECK_FALSE(is_wtf8("a" + high + low + "b"));
}

TEST_CASE("utf8: an astral character is one code point and two UTF-16 units") {
  CHECK(count_code_points("a\xC3\xA9" + astral + high) == 4);
  CHECK(count_utf16("a\xC3\xA9" + astral + high) == 5);
}

TEST_CASE("utf8: encoding undoes decoding") {
  for (const std::uint32_t c : {0U, 0x7FU, 0x80U, 0x7FFU, 0x800U, 0xD800U, 0xDFFFU, 0xFFFFU,
                                0x10000U, 0x1F600U, 0x10FFFFU}) {
    std::string text;
    encode(c, text);
    CHECK(char_bytes(text[0]) == text.size());
    CHECK(decode(text) == c);
  }
}

TEST_CASE("utf8: appending joins a high and a low surrogate, and splitting undoes it") {
  std::string text = "x" + high;
  append_wtf8(text, low + "y");
  CHECK(text == "x" + astral + "y");
  const SurrogatePair pair = split_astral(astral);
  CHECK(pair.high == high);
  CHECK(pair.low == low);
}

TEST_CASE("utf8: appending joins nothing else") {
  std::string text = low;
  append_wtf8(text, high);
  append_wtf8(text, "");
  append_wtf8(text, high);
  append_wtf8(text, "a");
  CHECK(text == low + high + high + "a");
}

TEST_CASE("utf8: strings are ordered by UTF-16 unit, astral characters before U+E000") {
  const std::vector<std::string> order = {
      "",     "a",          "ab", "a\xC3\xA9",    high,          high + "a",
      astral, astral + "a", low,  "\xEE\x80\x80", "\xEF\xBF\xBF"};
  for (std::size_t i = 0; i < order.size(); ++i) {
    for (std::size_t j = 0; j < order.size(); ++j) {
      const int expected = i < j ? -1 : i > j ? 1 : 0;
      CAPTURE(i);
      CAPTURE(j);
      CHECK(compare_utf16(order[i], order[j]) == expected);
    }
  }
}
