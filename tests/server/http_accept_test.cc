#include <doctest/doctest.h>

#include "server/http/accept.h"

using namespace segue::server;

namespace {

constexpr const char* json = "application/json";

}  // namespace

TEST_CASE("http accept: a type is taken by its name, its family or as anything, and else is not") {
  for (const char* accept : {"application/json", "APPLICATION/Json", "application/*", "*/*", "",
                             " ", "text/html, application/json;charset=utf-8"}) {
    CAPTURE(accept);
    CHECK(acceptance_of(json, accept).thousandths == 1000);
  }
  for (const char* accept : {"text/html", "application/jsonx", "text/*", "json", ",", ";q=1"}) {
    CAPTURE(accept);
    CHECK_FALSE(acceptance_of(json, accept));
  }
  CHECK(acceptance_of(json, "application/json").is_named);
  CHECK_FALSE(acceptance_of(json, "application/*, */*").is_named);
}

TEST_CASE("http accept: the range that fits best says how much, and 0 is not at all") {
  CHECK(acceptance_of(json, "*/*, application/*;q=0.5, application/json;q=0.25").thousandths ==
        250);
  CHECK(acceptance_of(json, "application/json ; charset=utf-8 ; Q=0.5 , */*").thousandths == 500);
  CHECK(acceptance_of(json, "application/json;q=0.1, application/json;q=0.2").thousandths == 200);
  CHECK_FALSE(acceptance_of(json, "application/json;q=0, */*"));
  CHECK_FALSE(acceptance_of(json, "application/json;q=0.000"));
}

TEST_CASE("http accept: a quality that is none counts as 1") {
  for (const char* accept : {"*/*;q=", "*/*;q=2", "*/*;q=-1", "*/*;q=nan", "*/*;q=x"}) {
    CAPTURE(accept);
    CHECK(acceptance_of(json, accept).thousandths == 1000);
  }
}
