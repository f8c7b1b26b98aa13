#include "clients/web/assets.h"

#include <algorithm>
#include <set>
#include <string>
#include <string_view>

#include <doctest/doctest.h>

using segue::web::Asset;
using segue::web::assets;

namespace {

const Asset& asset(std::string_view path) {
  const auto found = std::ranges::find(assets(), path, &Asset::path);
  REQUIRE(found != assets().end());
  return *found;
}

}  // namespace

TEST_CASE("web assets: the page and what it refers to are in the program") {
  const std::string_view page = asset("/").body;
  CHECK(page.starts_with("<!doctype html>"));
  CHECK(page.ends_with("</html>\n"));
  for (const std::string_view file : {"app.js", "style.css", "inter.woff2"}) {
    CHECK(page.find(file) != std::string_view::npos);
    CHECK(!asset("/" + std::string(file)).body.empty());
  }
  for (const std::string_view file : {"editor.js", "LICENSES.txt"}) {
    CHECK(asset("/app.js").body.find(file) != std::string_view::npos);
    CHECK(!asset("/" + std::string(file)).body.empty());
  }
}

TEST_CASE("web assets: every file has a type that browsers obey under nosniff") {
  CHECK(asset("/").content_type == "text/html; charset=utf-8");
  CHECK(asset("/app.js").content_type == "text/javascript; charset=utf-8");
  CHECK(asset("/editor.js").content_type == "text/javascript; charset=utf-8");
  CHECK(asset("/inter.woff2").content_type == "font/woff2");
  CHECK(asset("/style.css").content_type == "text/css; charset=utf-8");
  CHECK(asset("/admin").content_type == "text/html; charset=utf-8");
  CHECK(asset("/admin/admin.js").content_type == "text/javascript; charset=utf-8");
  CHECK(asset("/admin/numbers.js").content_type == "text/javascript; charset=utf-8");
  CHECK(asset("/admin/admin.css").content_type == "text/css; charset=utf-8");
}

TEST_CASE("web assets: etags are quoted and differ between files") {
  std::set<std::string_view> seen;
  for (const Asset& each : assets()) {
    CHECK(each.etag.size() == 34);
    CHECK(each.etag.front() == '"');
    CHECK(each.etag.back() == '"');
    CHECK(seen.insert(each.etag).second);
  }
}

TEST_CASE("web assets: the page has no inline script or style and no markup from another host") {
  const std::string_view page = asset("/").body;
  for (const std::string_view banned :
       {"<style", " style=", "<script>", " onclick=", "src=\"http"}) {
    CHECK(page.find(banned) == std::string_view::npos);
  }
}
