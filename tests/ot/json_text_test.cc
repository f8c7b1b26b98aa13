#include "ot/json_text.h"

#include <doctest/doctest.h>

using namespace segue::ot;

TEST_CASE("json_text: what is printed canonically is read and printed the same") {
  for (const char* text :
       {"null", "true", "false", "0", "-1.5", "1e+21", "1e-7", "\"\"", "\"a\\n\\u0001\\\"\"", "[]",
        "[1,[2,[3]],{}]", "{\"a\":1,\"b\":[null],\"c\":{\"d\":\"e\"}}", "\"\\ud800\"", "\"\\udc00\"",
        "\"\xF0\x9F\x98\x80\""}) {
    const auto value = parse_json(text);
    REQUIRE(value);
    CHECK(json_text(*value) == text);
    CHECK(value->printed_bytes() == std::string_view(text).size());
  }
}
