#include "server/metrics.h"

#include <cstddef>

namespace segue::server {

namespace {

template <std::size_t size>
void add(std::array<Counter, size>& sum, const std::array<Counter, size>& more) {
  for (std::size_t i = 0; i < size; ++i) {
    sum[i].add(more[i].value());
  }
}

}  // namespace

Histogram& Histogram::operator+=(const Histogram& other) {
  add(buckets_, other.buckets_);
  sum_.add(other.sum());
  return *this;
}

WorkerMetrics& WorkerMetrics::operator+=(const WorkerMetrics& other) {
  for (const auto counter :
       {&WorkerMetrics::opened, &WorkerMetrics::ops, &WorkerMetrics::late_ops,
        &WorkerMetrics::overwrites, &WorkerMetrics::forced, &WorkerMetrics::duplicates,
        &WorkerMetrics::hits, &WorkerMetrics::misses, &WorkerMetrics::evictions}) {
    (this->*counter).add((other.*counter).value());
  }
  add(refused, other.refused);
  add(responses, other.responses);
  add(closed, other.closed);
  for (const auto histogram : {&WorkerMetrics::apply, &WorkerMetrics::durable, &WorkerMetrics::send,
                               &WorkerMetrics::late_by}) {
    this->*histogram += other.*histogram;
  }
  return *this;
}

}  // namespace segue::server
