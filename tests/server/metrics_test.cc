// Counting, and what Prometheus is told.

#include "server/metrics.h"

#include <string>

#include <doctest/doctest.h>

#include "server/metrics_text.h"

using namespace segue::server;

namespace {

bool has_line(const std::string& text, const std::string& line) {
  return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

}  // namespace

TEST_CASE("metrics: a bucket holds what is at most its power of two") {
  Histogram histogram;
  for (const std::uint64_t value : {0u, 1u, 2u, 3u, 4u, 5u, 1u << 24, (1u << 24) + 1}) {
    histogram.observe(value);
  }
  CHECK(histogram.bucket(0) == 2);
  CHECK(histogram.bucket(1) == 1);
  CHECK(histogram.bucket(2) == 2);
  CHECK(histogram.bucket(3) == 1);
  CHECK(histogram.bucket(24) == 1);
  CHECK(histogram.bucket(25) == 1);
  CHECK(histogram.sum() == 15 + (2u << 24) + 1);
}

TEST_CASE("metrics: a clock that was read out of order counts as no time") {
  Histogram histogram;
  histogram.observe(std::int64_t{-5});
  CHECK(histogram.bucket(0) == 1);
  CHECK(histogram.sum() == 0);
}

TEST_CASE("metrics: every reason to close has its own place, a goodbye with its time too") {
  for (std::size_t i = 0; i < close_reasons.size(); ++i) {
    CHECK(index_of(close_reasons[i]) == i);
  }
  CHECK(index_of({1001, "server is shutting down; come back in 5 ms"}) == index_of(going_away));
}

TEST_CASE("metrics: the workers' shares are added up, in seconds") {
  WorkerMetrics one;
  WorkerMetrics other;
  one.ops.add(3);
  other.ops.add(4);
  one.apply.observe(std::uint64_t{2});
  other.apply.observe(std::uint64_t{1'000'000});
  one.refused[static_cast<std::size_t>(segue::ot::Errc::too_deep)].add();
  other.closed[index_of(slow_consumer)].add(2);
  one.duplicates.add(2);
  other.overwrites.add(5);
  one.forced.add(6);
  other.responses[404].add(8);
  one.hits.add(9);
  one += other;
  MetricsText text;
  text.add(one);
  const std::string printed = text.print();
  CAPTURE(printed);
  CHECK(has_line(printed, "segue_ops_committed_total 7"));
  CHECK(has_line(printed, "segue_op_stage_seconds_count{stage=\"apply\"} 2"));
  CHECK(has_line(printed, "segue_op_stage_seconds_bucket{stage=\"apply\",le=\"+Inf\"} 2"));
  CHECK(has_line(printed, "segue_op_stage_seconds_bucket{stage=\"apply\",le=\"1.048576\"} 2"));
  CHECK(has_line(printed, "segue_ops_refused_total{code=\"ERR_TOO_DEEP\"} 1"));
  CHECK(has_line(printed,
                 "segue_connections_closed_total{code=\"4008\",reason=\"slow consumer\"} 2"));
  CHECK(has_line(printed, "# TYPE segue_op_late_versions histogram"));
  CHECK(has_line(printed, "segue_acks_total 9"));
  CHECK(has_line(printed, "segue_overwrites_total{by=\"merge\"} 5"));
  CHECK(has_line(printed, "segue_overwrites_total{by=\"force\"} 6"));
  CHECK(has_line(printed, "segue_http_responses_total{status=\"404\"} 8"));
  CHECK(has_line(printed, "segue_cache_hits_total 9"));
}

TEST_CASE("metrics: every live number is a gauge") {
  Live live;
  std::size_t next = 1;
  for (const LiveNumber& number : live_numbers()) {
    live.*number.member = next++;
  }
  MetricsText text;
  text.add(live);
  const std::string printed = text.print();
  next = 1;
  for (const LiveNumber& number : live_numbers()) {
    CHECK(has_line(printed, "segue_" + std::string(number.name) + " " + std::to_string(next++)));
  }
}
