#include <string>

#include <doctest/doctest.h>

#include "server/http/head.h"

using namespace segue::server;

namespace {

constexpr std::size_t fields_max = 64;
constexpr std::size_t target_max = 100;

HeadFault check(const std::string& head) { return check_head(head, fields_max, target_max); }

// A POST with these lines after Host; each ends with "\r\n" by itself.
std::string post(const std::string& lines) {
  return "POST /v1/feed HTTP/1.1\r\nHost: h\r\n" + lines + "\r\n";
}

}  // namespace

TEST_CASE("http head: one that can be read in one way only is let through") {
  for (const char* lines : {"", "Content-Length: 3\r\n", "Transfer-Encoding: chunked\r\n", "X:\r\n",
                            "X: \t a b \r\n", "Accept: */*\r\nX-\x7e: \xc3\xa4\r\n"}) {
    CAPTURE(lines);
    CHECK(check(post(lines)) == HeadFault::none);
  }
  CHECK(check("GET / HTTP/1.0\r\n\r\n") == HeadFault::none);
}

TEST_CASE("http head: whatever two readers may read in two ways is malformed") {
  for (const char* lines : {
           "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n",
           "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n",
           "Content-Length: 3\r\nContent-Length: 3\r\n",
           "Content-Length: 3, 3\r\n",
           "Content-Length: -1\r\n",
           "Content-Length: +3\r\n",
           "Content-Length: 0x3\r\n",
           "Content-Length: 36893488147419103232\r\n",
           "Content-Length:\r\n",
           "Transfer-Encoding: xchunked\r\n",
           "Transfer-Encoding: gzip, chunked\r\n",
           "Transfer-Encoding: identity\r\n",
           "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
           "Content-Length : 3\r\n",
           " folded: 1\r\n",
           "X: a\r\n b\r\n",
           "X: a\n\r\n",
           "X: a\nY: b\r\n",
           "X: a\rY: b\r\n",
           "X\r\n",
           ": x\r\n",
           "X: \x01\r\n",
           "X y: z\r\n",
           "Host: h\r\n",
       }) {
    CAPTURE(lines);
    CHECK(check(post(lines)) == HeadFault::malformed);
  }
}

TEST_CASE("http head: the request line has three parts, and Host stands once") {
  for (const char* head : {
           "GET / HTTP/1.1\r\n\r\n",
           "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n",
           "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n",
           "GET / HTTP/2.0\r\nHost: h\r\n\r\n",
           "PRI * HTTP/2.0\r\n\r\n",
           "GET  / HTTP/1.1\r\nHost: h\r\n\r\n",
           "GET /\r\nHost: h\r\n\r\n",
           "GET  HTTP/1.1\r\nHost: h\r\n\r\n",
           "GET / HTTP/1.1 \r\nHost: h\r\n\r\n",
           "GET /\x01 HTTP/1.1\r\nHost: h\r\n\r\n",
           "G@T / HTTP/1.1\r\nHost: h\r\n\r\n",
           "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n",
           "\r\n\r\n",
       }) {
    CAPTURE(head);
    CHECK(check(head) == HeadFault::malformed);
  }
}

TEST_CASE("http head: fields and target are bounded") {
  std::string lines;
  for (std::size_t i = 1; i < fields_max; ++i) {
    lines += "X: 1\r\n";
  }
  CHECK(check(post(lines)) == HeadFault::none);
  CHECK(check(post(lines + "X: 1\r\n")) == HeadFault::too_many_fields);
  const auto get = [](std::size_t size) {
    return "GET /" + std::string(size - 1, 'a') + " HTTP/1.1\r\nHost: h\r\n\r\n";
  };
  CHECK(check(get(target_max)) == HeadFault::none);
  CHECK(check(get(target_max + 1)) == HeadFault::target_too_long);
}

TEST_CASE("http head: it ends with its empty line") {
  CHECK(head_length("GET / HTTP/1.1\r\nHost: h\r\n\r") == 0);
  CHECK(head_length("a\r\n\r\nbody") == 5);
}
