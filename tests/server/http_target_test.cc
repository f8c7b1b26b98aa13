#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "server/http/router.h"
#include "server/http/target.h"

using namespace segue::server;
namespace http = boost::beast::http;

namespace {

using Segments = std::vector<std::string>;

Segments segments_of(const std::string& text) {
  const auto target = parse_target(text);
  REQUIRE(target.has_value());
  return target->segments;
}

}  // namespace

TEST_CASE("http target: a name in it may hold anything but control characters") {
  CHECK(segments_of("/v1/docs/shows/summer") == Segments{"v1", "docs", "shows", "summer"});
  CHECK(segments_of("/a%2Fb/..%2f..%2fetc/%c3%a4/%252e") ==
        Segments{"a/b", "../../etc", "\xc3\xa4", "%2e"});
  CHECK(segments_of("/a//b/") == Segments{"a", "", "b", ""});
  CHECK(segments_of("/") == Segments{""});
}

TEST_CASE("http target: what a proxy may read in another way is refused") {
  for (const char* text :
       {"", "a", "*", "http://h/x", "/..", "/a/./b", "/a/../b", "/%", "/%4", "/%4g", "/%00",
        "/%0d%0aX:1", "/%7f", "/%c0%ae", "/%ff", "/%ed%a0%80", "/a#b", "/a?x=1&x=2", "/a?x=%0a"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_target(text).has_value());
  }
}

TEST_CASE("http target: parameters are found by name") {
  const auto target = parse_target("/a?v=7&reason=too+late%21&flag");
  REQUIRE(target.has_value());
  CHECK(*target->find("v") == "7");
  CHECK(*target->find("reason") == "too late!");
  CHECK(target->find("flag")->empty());
  CHECK(target->find("x") == nullptr);
}

TEST_CASE("http router: a path has the methods of its routes, and HEAD is a GET") {
  const Segments document = segments_of("/v1/docs/c/d");
  CHECK(allowed_methods(routes(), document) == "GET, HEAD, PUT, PATCH, DELETE, OPTIONS");
  CHECK(find_route(routes(), document, http::verb::head) ==
        find_route(routes(), document, http::verb::get));
  CHECK(find_route(routes(), document, http::verb::put)->method == http::verb::put);
  CHECK(find_route(routes(), document, http::verb::trace) == nullptr);
  CHECK(allowed_methods(routes(), segments_of("/v1/docs")).empty());
  CHECK(allowed_methods(routes(), segments_of("/v1/docs/c/d/ops/x")).empty());
  CHECK(allowed_methods(routes(), segments_of("/v1/feed")) == "GET, HEAD, OPTIONS");
}
