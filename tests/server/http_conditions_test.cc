#include <doctest/doctest.h>

#include "server/http/conditions.h"

using namespace segue;
using namespace segue::server;

TEST_CASE("http conditions: a version is its number in quotes") {
  CHECK(etag(ot::Version{7}) == "\"7\"");
  const auto tags = parse_tags("\"7\"");
  REQUIRE(tags.has_value());
  CHECK(tags->has(ot::Version{7}));
  CHECK_FALSE(tags->has(ot::Version{8}));
}

TEST_CASE("http conditions: lists, weak tags, foreign tags and the star") {
  const auto tags = parse_tags(" \"7\" , W/\"9\",\"abc\"");
  REQUIRE(tags.has_value());
  CHECK(tags->versions == std::vector{ot::Version{7}, ot::Version{9}});
  CHECK(tags->foreign);
  CHECK_FALSE(tags->any);
  CHECK(parse_tags("*")->has(ot::Version{1}));
}

TEST_CASE("http conditions: what is no list of tags is nothing") {
  for (const char* header :
       {"", "7", "\"7", "7\"", "\"7\",", "\"7\" \"8\"", "*,\"7\"", "w/\"7\""}) {
    CAPTURE(header);
    CHECK_FALSE(parse_tags(header).has_value());
  }
}

TEST_CASE("http conditions: integers are digits up to 2^53 - 1") {
  CHECK(parse_integer("0") == 0);
  CHECK(parse_integer("9007199254740991") == 9007199254740991u);
  for (const char* text : {"", "-1", "+1", "1.5", "1e3", " 1", "9007199254740992", "0x1", "a"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_integer(text).has_value());
  }
}
