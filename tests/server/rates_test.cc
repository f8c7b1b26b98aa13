#include "server/rates.h"

#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include <doctest/doctest.h>

#include "server/admission.h"
#include "server/token_bucket.h"

using namespace segue::server;
using namespace std::chrono_literals;

TEST_CASE("rates: what is saved up may come at once, and then so much a second") {
  TokenBucket bucket({.per_second = 10, .burst = 3});
  CHECK(bucket.take(1, 0) == 0ms);
  CHECK(bucket.take(2, 0) == 0ms);
  CHECK(bucket.is_full(0) == false);
  const auto wait = bucket.take(1, 0);
  CHECK(wait > 99ms);
  CHECK(wait < 102ms);
  CHECK(bucket.take(1, 200) == 0ms);
  CHECK(bucket.is_full(1'000));
  CHECK(bucket.take(4, 10'000) > 0ms);  // No more than the burst was saved up.
}

TEST_CASE("rates: a clock that steps back takes nothing away") {
  TokenBucket bucket({.per_second = 1, .burst = 1});
  CHECK(bucket.take(1, 5'000) == 0ms);
  CHECK(bucket.take(0.5, 1'000) > 0ms);
  CHECK(bucket.take(0.5, 6'000) == 0ms);
}

TEST_CASE("rates: both messages and bytes count") {
  const RateLimits limits{.messages = {.per_second = 10, .burst = 100},
                          .bytes = {.per_second = 1000, .burst = 5000}};
  Payer payer(limits);
  CHECK(payer.pay(5000, 0) == 0ms);
  CHECK(payer.pay(1000, 0) > 999ms);
  Payer chatty(limits);
  for (int i = 0; i < 100; ++i) {
    CHECK(chatty.pay(1, 0) == 0ms);
  }
  CHECK(chatty.pay(1, 0) > 99ms);
}

TEST_CASE("rates: who comes back under one name finds what it has used up") {
  Payers payers(
      {.messages = {.per_second = 1, .burst = 1}, .bytes = {.per_second = 1, .burst = 1}});
  CHECK(payers.find("ann", 0)->pay(1, 0) == 0ms);
  CHECK(payers.find("ann", 0)->pay(1, 0) > 0ms);
  CHECK(payers.find("bob", 0)->pay(1, 0) == 0ms);
}

TEST_CASE("rates: names are forgotten once they have rested") {
  Payers payers(
      {.messages = {.per_second = 1, .burst = 1}, .bytes = {.per_second = 1, .burst = 1}});
  const auto held = payers.find("held", 0);
  for (int i = 0; i < 999; ++i) {
    payers.find(std::to_string(i), 0)->pay(1, 0);
  }
  CHECK(payers.size() == 1000);
  payers.find("next", 100);
  CHECK(payers.size() == 1001);  // None has rested yet.
  for (int i = 0; i < 1000; ++i) {
    payers.find("later " + std::to_string(i), 10'000);
  }
  CHECK(payers.size() <= 1002);
  CHECK(payers.find("held", 10'000) == held);
}

TEST_CASE("admission: places are bounded for an address, and for those who are not known") {
  Admission admission({.strangers_max = 3, .per_address_max = 2});
  auto first = admission.enter("a");
  auto second = admission.enter("a");
  REQUIRE(first.has_value());
  REQUIRE(second.has_value());
  CHECK(!admission.enter("a").has_value());
  auto third = admission.enter("b");
  REQUIRE(third.has_value());
  CHECK(!admission.enter("c").has_value());
  first->introduce();
  first->introduce();
  CHECK(admission.strangers() == 2);
  CHECK(!admission.enter("a").has_value());
  CHECK(admission.enter("c").has_value());
  second.reset();
  CHECK(admission.enter("a").has_value());
  first.reset();
  third.reset();
  CHECK(admission.strangers() == 0);
}

TEST_CASE("admission: a place that is handed on counts once") {
  Admission admission({.strangers_max = 1, .per_address_max = 1});
  auto place = admission.enter("a");
  {
    const Admission::Place kept = std::move(*place);
    place.reset();
    CHECK(admission.strangers() == 1);
  }
  CHECK(admission.strangers() == 0);
}
