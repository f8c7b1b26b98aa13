#include "ot/json_text.h"

#include <bit>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "ot/utf8.h"
#include "tests/support/random.h"

using namespace segue::ot;
using namespace std::string_literals;

namespace {

// What reading and printing makes of a text, or the name of the error.
std::string reprint(std::string_view text, const JsonLimits& limits = {}) {
  const auto value = parse_json(text, limits);
  if (!value) return std::string(errc_name(value.error().code));
  CHECK(value->printed_bytes() == json_text(*value).size());
  return json_text(*value);
}

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

std::string keys(int count) {
  std::string text = "{";
  for (int i = 0; i < count; ++i) text += "\"k" + std::to_string(i) + "\":0,";
  text.back() = '}';
  return text;
}

}  // namespace

TEST_CASE("json_text: what JSON.stringify printed is printed the same") {
  for (const std::string text :
       {"null", "true", "false", "0", "-1.5", "1e+21", "1e-7", "\"\"", R"("a\n\u0001\"\\\b\f\r\t")",
        "[]", "{}", "[1,[2,[3]],{}]", R"({"a":1,"b":[null],"c":{"d":"e"}})", R"("\ud800")",
        R"("\udc00")", R"(["\udc00\ud800"])", "\"\x7F\xE2\x80\xA8\"", "\"\xF0\x9F\x98\x80\""}) {
    CHECK(reprint(text) == text);
  }
}

TEST_CASE("json_text: white space, escapes and spellings are brought into one form") {
  CHECK(reprint(" \t\r\n[ 1 , { \"a\" : 2 } ] \n") == R"([1,{"a":2}])");
  CHECK(reprint(R"("\u0041\/\u00e9\u001F")") == "\"A/\xC3\xA9\\u001f\"");
  CHECK(reprint(R"({"b":1,"1":2,"a":3,"0":4})") == R"({"0":4,"1":2,"b":1,"a":3})");
}

TEST_CASE("json_text: what is not JSON is refused") {
  for (const std::string text : {"",
                                 " ",
                                 "[",
                                 "]",
                                 "{",
                                 "[1",
                                 "[1,]",
                                 "[,1]",
                                 "{\"a\"}",
                                 "{\"a\":}",
                                 "{\"a\":1,}",
                                 "{a:1}",
                                 "{1:1}",
                                 "'a'",
                                 "\"",
                                 "\"a",
                                 "\"\\x\"",
                                 "\"\\u12\"",
                                 "\"\\u12g4\"",
                                 "\"\\ud8\"",
                                 "\"\t\"",
                                 "\"\n\"",
                                 "01",
                                 "-01",
                                 "+1",
                                 ".5",
                                 "1.",
                                 "-",
                                 "1e",
                                 "1e+",
                                 "0x1",
                                 "NaN",
                                 "Infinity",
                                 "-Infinity",
                                 "nul",
                                 "truefalse",
                                 "True",
                                 "undefined",
                                 "1 2",
                                 "{}{}",
                                 "[] x",
                                 "// c\n1",
                                 "/**/1",
                                 "[1}",
                                 "{\"a\":1]",
                                 "\\ud800",
                                 "\"a\"\\ud800",
                                 "1e99 1e999",
                                 "[0e400,1e5.5]",
                                 "[0e400,1e5e5]",
                                 "[0e400,5e-325.9]",
                                 "[0e400,5e-7-1e-400]"}) {
    CAPTURE(text);
    CHECK(reprint(text) == "ERR_BAD_JSON");
  }
}

TEST_CASE("json_text: a byte order mark, a NUL and bytes that are not UTF-8 are refused") {
  for (const auto& text :
       {"\xEF\xBB\xBF[]"s, "[]\xEF\xBB\xBF"s, "[]\0"s, "[]\0garbage"s, "\0"s, "[\0]"s, "\"\0\""s,
        "\"\xFF\""s, "\"\xC0\x80\""s, "\"\xED\xA0\x80\""s, "\"\xF4\x90\x80\x80\""s, "\"\xC3"s}) {
    CHECK(reprint(text) == "ERR_BAD_JSON");
  }
}

TEST_CASE("json_text: escapes of lone surrogates are kept, those of pairs are joined") {
  CHECK(parse_json(R"("\ud83d\ude00")")->str() == "\xF0\x9F\x98\x80");
  CHECK(parse_json(R"("\uD83D\uDE00")")->str() == "\xF0\x9F\x98\x80");
  CHECK(parse_json(R"("\ud83d")")->str() == "\xED\xA0\xBD");
  CHECK(parse_json(R"("\ude00")")->str() == "\xED\xB8\x80");
  CHECK(reprint(R"("\ud83d\ud83d\ude00\ude00")") == "\"\\ud83d\xF0\x9F\x98\x80\\ude00\"");
  CHECK(reprint(R"("\ud83dx\ude00")") == R"("\ud83dx\ude00")");
  CHECK(reprint(R"("\ud83d\n\\ude00")") == R"("\ud83d\n\\ude00")");
  CHECK(reprint(R"({"\ud800":"\\ud800"})") == R"({"\ud800":"\\ud800"})");
  CHECK(reprint(R"("\ud83d\u0041")") == R"("\ud83dA")");
}

TEST_CASE("json_text: every string that is read is well-formed WTF-8") {
  segue::test::Random random(1);
  const std::vector<std::string> parts = {"\\ud83d", "\\ude00", "\\\\", "a",           "\\u0000",
                                          "\\uDBFF", "\\uDC00", "\\n",  "\xE2\x82\xAC"};
  for (int i = 0; i < 2000; ++i) {
    std::string text = "\"";
    for (std::size_t n = random.below(8); n > 0; --n) text += parts[random.below(parts.size())];
    const auto value = parse_json(text + "\"");
    REQUIRE(value);
    CHECK(is_wtf8(value->str()));
    CHECK(*parse_json(json_text(*value)) == *value);
  }
}

TEST_CASE("json_text: numbers are read and printed as JavaScript does") {
  const std::vector<std::pair<std::string, std::string>> numbers = {
      {"0", "0"},
      {"-0", "0"},
      {"0e66", "0"},
      {"0e300", "0"},
      {"0e400", "0"},
      {"-0.0e999999999999999999999", "0"},
      {"1.0", "1"},
      {"1e0", "1"},
      {"1E2", "100"},
      {"5e-324", "5e-324"},
      {"2e-324", "0"},
      {"1e-400", "0"},
      {"1e-99999999999999999999", "0"},
      {"2.2250738585072011e-308", "2.225073858507201e-308"},
      {"1.7976931348623157e308", "1.7976931348623157e+308"},
      {"9007199254740993", "9007199254740992"},
      {"18446744073709551615", "18446744073709552000"},
      {"123456789012345680000", "123456789012345680000"},
      {"1e20", "100000000000000000000"},
      {"1e21", "1e+21"},
      {"1e-6", "0.000001"},
      {"1e-7", "1e-7"},
      {"0.1", "0.1"},
      {"-123.456e-5", "-0.00123456"},
      {"1" + std::string(400, '0') + "e-400", "1"},
      {"0." + std::string(400, '0') + "1e401", "1"},
      {"0." + std::string(2000, '0') + "1", "0"},
      {"3." + std::string(100'000, '3'), "3.3333333333333335"},
  };
  for (const auto& number : numbers) {
    const std::string& text = number.first;
    const std::string& printed = number.second;
    CAPTURE(text.substr(0, 40));
    CHECK(reprint(text) == printed);
    CHECK(reprint("[\"0e400\\\"\"," + text + "]") == "[\"0e400\\\"\"," + printed + "]");
  }
}

TEST_CASE("json_text: minus zero stays minus zero in memory") {
  CHECK(std::bit_cast<std::uint64_t>(parse_json("-0")->number()) == 0x8000000000000000U);
  CHECK(std::bit_cast<std::uint64_t>(parse_json("-1e-400")->number()) == 0x8000000000000000U);
}

TEST_CASE("json_text: numbers that overflow to infinity are refused") {
  for (const std::string& text :
       {"1e309"s, "-1e309"s, "1.7976931348623159e308"s, "1e99999999999999999999"s,
        "1" + std::string(400, '0'), "0." + std::string(10, '0') + "1e400", "[0e400,1e400]"s}) {
    CHECK(reprint(text) == "ERR_BAD_JSON");
  }
}

TEST_CASE("json_text: doubles are printed as node prints them, and read back bit by bit") {
  std::ifstream file(SEGUE_GOLDEN_DIR "/js_numbers.txt");
  std::string line;
  int lines = 0;
  while (std::getline(file, line)) {
    std::istringstream fields(line);
    std::uint64_t bits = 0;
    std::string expected;
    fields >> std::hex >> bits >> expected;
    const auto value = std::bit_cast<double>(bits);
    std::string printed;
    print_json_number(value, printed);
    CHECK(printed == expected);
    CHECK(Json(value).printed_bytes() == expected.size());
    CHECK(parse_json(expected)->number() == value);
    ++lines;
  }
  CHECK(lines > 2000);
}

TEST_CASE("json_text: containers are read up to the depth allowed, and no deeper") {
  CHECK(reprint(nested(128)) == nested(128));
  CHECK(reprint(nested(129)) == "ERR_TOO_DEEP");
  CHECK(reprint(R"({"a":{"a":[]}})", {.depth_max = 3}) == R"({"a":{"a":[]}})");
  CHECK(reprint(R"({"a":{"a":[]}})", {.depth_max = 2}) == "ERR_TOO_DEEP");
  CHECK(reprint("1", {.depth_max = 0}) == "1");
}

TEST_CASE("json_text: what breaks off is refused, however deep inside of containers") {
  constexpr JsonLimits no_limits{.depth_max = SIZE_MAX};
  std::string brackets;
  std::string mixed;
  for (std::size_t depth = 1; depth <= 200; ++depth) {
    brackets += "[";
    mixed += depth % 2 == 0 ? "[" : R"({"":)";
    for (const std::string& open : {brackets, mixed}) {
      for (const std::string_view end : {"", "0", "0,0", R"({"":0,"a")"}) {
        const std::string text = open + std::string(end);
        const bool is_too_deep = depth + (end.starts_with('{') ? 1 : 0) > 128;
        CHECK(reprint(text) == (is_too_deep ? "ERR_TOO_DEEP" : errc_name(Errc::bad_json)));
        CHECK(reprint(text, no_limits) == errc_name(Errc::bad_json));
      }
    }
    CHECK(reprint(nested(depth), no_limits) == nested(depth));
  }
}

TEST_CASE("json_text: a million open brackets are refused at the first too many") {
  CHECK(reprint(std::string(1'000'000, '[')) == "ERR_TOO_DEEP");
  std::string objects;
  for (int i = 0; i < 1'000'000; ++i) objects += "{\"a\":";
  CHECK(reprint(objects) == "ERR_TOO_DEEP");
}

TEST_CASE("json_text: objects are read up to the number and the length of keys allowed") {
  CHECK(reprint(keys(65'536)) == keys(65'536));
  CHECK(reprint(keys(65'537)) == "ERR_MESSAGE_TOO_LARGE");
  CHECK(reprint("[" + keys(3) + "," + keys(3) + "]", {.keys_max = 3}).size() > 10);
  const auto key = [](std::size_t size) { return "{\"" + std::string(size, 'k') + "\":1}"; };
  CHECK(reprint(key(4096)) == key(4096));
  CHECK(reprint(key(4097)) == "ERR_MESSAGE_TOO_LARGE");
}

TEST_CASE("json_text: two equal keys are refused, in small objects and in large ones") {
  CHECK(reprint(R"({"a":1,"a":1})") == "ERR_DUPLICATE_KEY");
  CHECK(reprint(R"({"a":1,"\u0061":1})") == "ERR_DUPLICATE_KEY");
  CHECK(reprint(R"({"7":1,"b":2,"7":1})") == "ERR_DUPLICATE_KEY");
  CHECK(reprint(R"({"a":{"a":1},"b":{"a":1}})") == R"({"a":{"a":1},"b":{"a":1}})");
  std::string large = keys(65'535);
  large.back() = ',';
  CHECK(reprint(large + "\"k40000\":0}") == "ERR_DUPLICATE_KEY");
  std::string numbers = "{";
  for (int i = 0; i < 100; ++i) numbers += "\"" + std::to_string(i) + "\":0,";
  CHECK(reprint(numbers + "\"50\":0}") == "ERR_DUPLICATE_KEY");
}
