#include "server/origin.h"

#include <doctest/doctest.h>

using namespace segue::server;

TEST_CASE("origin: a client that is no browser sends none and is welcome") {
  CHECK(OriginPolicy("127.0.0.1", 7070, {}, false).allows("", "127.0.0.1:7070"));
}

TEST_CASE("origin: our own pages are welcome under each name of loopback") {
  const OriginPolicy policy("127.0.0.1", 7070, {}, false);
  CHECK(policy.allows("http://127.0.0.1:7070", ""));
  CHECK(policy.allows("http://localhost:7070", ""));
  CHECK(policy.allows("http://[::1]:7070", ""));
}

TEST_CASE("origin: foreign pages are refused, also those that look alike") {
  const OriginPolicy policy("127.0.0.1", 7070, {"https://good.example"}, false);
  CHECK(policy.allows("https://good.example", ""));
  for (const char* foreign :
       {"null", "http://evil.example", "https://good.example.evil", "http://good.example",
        "http://127.0.0.1", "http://127.0.0.1:8080", "https://127.0.0.1:7070"}) {
    CAPTURE(foreign);
    CHECK_FALSE(policy.allows(foreign, "127.0.0.1:7070"));
  }
}

TEST_CASE("origin: a name rebound to loopback is refused although origin and host agree") {
  const OriginPolicy policy("127.0.0.1", 7070, {}, false);
  CHECK_FALSE(policy.allows("http://evil.example:7070", "evil.example:7070"));
}

TEST_CASE("origin: a server open to everybody welcomes pages fetched under its host") {
  const OriginPolicy policy("0.0.0.0", 7070, {}, true);
  CHECK(policy.allows("http://show.example:7070", "show.example:7070"));
  CHECK_FALSE(policy.allows("http://other.example", "show.example:7070"));
  CHECK_FALSE(policy.allows("http://", ""));
}

TEST_CASE(
    "origin: the server goes by the names of loopback, its own, and those of admitted origins") {
  const OriginPolicy policy("192.0.2.7", 7070, {"https://show.example"}, false);
  for (const char* host : {"127.0.0.1:7070", "127.0.0.1", "localhost:8080", "[::1]:7070", "[::1]",
                           "192.0.2.7:7070", "show.example", "LocalHost:7070", "Show.Example"}) {
    CAPTURE(host);
    CHECK(policy.allows_host(host));
  }
  for (const char* host : {"evil.example", "evil.example:7070", "localhost.evil.example",
                           "show.example:7070", "127.0.0.1.evil.example", "192.0.2.7", ""}) {
    CAPTURE(host);
    CHECK_FALSE(policy.allows_host(host));
  }
  CHECK(OriginPolicy("192.0.2.7", 7070, {}, true).allows_host("any.example"));
}

TEST_CASE("origin: under TLS a page that came without it is not our own") {
  const OriginPolicy policy("show.example", 7070, {}, true, "https");
  CHECK(policy.allows("https://127.0.0.1:7070", ""));
  CHECK(policy.allows("https://show.example", "show.example"));
  CHECK_FALSE(policy.allows("http://127.0.0.1:7070", ""));
  CHECK_FALSE(policy.allows("http://show.example", "show.example"));
}
