#include "server/activity.h"

#include <doctest/doctest.h>

using segue::server::Activity;

namespace {
constexpr std::int64_t second = 1'000'000;
}

TEST_CASE("activity: what happened in this minute counts in full") {
  Activity activity;
  for (int i = 0; i < 30; ++i) activity.note(i * second);
  CHECK(activity.per_minute(30 * second) == 30);
  CHECK(activity.per_minute(59 * second) == 30);
}

TEST_CASE("activity: the minute before counts less and less, and then not at all") {
  Activity activity;
  for (int i = 0; i < 60; ++i) activity.note(i * second);
  CHECK(activity.per_minute(60 * second) == 60);
  CHECK(activity.per_minute(90 * second) == 30);
  activity.note(90 * second);
  CHECK(activity.per_minute(90 * second) == 31);
  CHECK(activity.per_minute(180 * second) == 0);
}

TEST_CASE("activity: what goes on evenly is about the same at any time") {
  Activity activity;
  for (int i = 0; i < 300; ++i) activity.note(i * second);
  for (std::int64_t at = 300; at < 360; ++at) {
    activity.note(at * second);
    CHECK(activity.per_minute(at * second) >= 59);
    CHECK(activity.per_minute(at * second) <= 61);
  }
}
