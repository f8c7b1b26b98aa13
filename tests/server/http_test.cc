#include "server/http.h"

#include <string>

#include <boost/beast/http/field.hpp>
#include <doctest/doctest.h>

using namespace segue::server;
namespace http = boost::beast::http;

namespace {

HttpRequest get(const std::string& target, http::verb verb = http::verb::get) {
  HttpRequest request{verb, target, 11};
  request.set(http::field::host, "127.0.0.1:7070");
  return request;
}

HttpRequest upgrade(const std::string& target) {
  HttpRequest request = get(target);
  request.set(http::field::connection, "Upgrade");
  request.set(http::field::upgrade, "websocket");
  request.set(http::field::sec_websocket_version, "13");
  request.set(http::field::sec_websocket_key, "dGhlIHNhbXBsZSBub25jZQ==");
  return request;
}

}  // namespace

TEST_CASE("http: the page and its parts are served with types, tags and a strict policy") {
  const HttpResponse page = answer(get("/"));
  CHECK(page.result() == http::status::ok);
  CHECK(page[http::field::content_type] == "text/html; charset=utf-8");
  CHECK_FALSE(page[http::field::etag].empty());
  CHECK(page["Content-Security-Policy"].find("script-src 'self'") != std::string::npos);
  CHECK(page["X-Content-Type-Options"] == "nosniff");
  CHECK(answer(get("/app.js")).result() == http::status::ok);
}

TEST_CASE("http: a page the browser has already is not sent again") {
  HttpRequest request = get("/");
  request.set(http::field::if_none_match, answer(request)[http::field::etag]);
  const HttpResponse response = answer(request);
  CHECK(response.result() == http::status::not_modified);
  CHECK(response.body().empty());
}

TEST_CASE("http: HEAD tells the length and sends no body") {
  const HttpResponse response = answer(get("/healthz", http::verb::head));
  CHECK(response.result() == http::status::ok);
  CHECK(response[http::field::content_length] == "3");
  CHECK(response.body().empty());
}

TEST_CASE("http: only files of the embedded list exist") {
  for (const char* target : {"/../etc/passwd", "/%2e%2e/etc/passwd", "//etc/passwd", "/app.js%00",
                             "/index.html/..", "/.git/config", "/v1", ""}) {
    CAPTURE(target);
    CHECK(answer(get(target)).result() == http::status::not_found);
  }
}

TEST_CASE("http: methods other than GET and HEAD are refused") {
  const HttpResponse response = answer(get("/", http::verb::post));
  CHECK(response.result() == http::status::method_not_allowed);
  CHECK(response[http::field::allow] == "GET, HEAD");
  CHECK(answer(get("/", http::verb::trace)).result() == http::status::method_not_allowed);
}

TEST_CASE("http: a WebSocket is at two paths") {
  CHECK(is_socket_request(upgrade("/")));
  CHECK(is_socket_request(upgrade("/v1/ws?x=1")));
  CHECK_FALSE(is_socket_request(upgrade("/other")));
  CHECK_FALSE(is_socket_request(get("/")));
  CHECK(answer(upgrade("/other")).result() == http::status::not_found);
}
