// Metrics: what a server has done since it began, counted as it does it. Normative:
// spec/operations.md.
//
// Threads: each object is written by one, and read by any. So a count costs a load and a store.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "ot/result.h"
#include "server/close_code.h"

namespace segue::server {

class Counter {
 public:
  void add(std::uint64_t more = 1) { value_.store(value() + more, std::memory_order_relaxed); }
  std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

// How often a value was at most 1, 2, 4, 8, ...
class Histogram {
 public:
  static constexpr std::size_t bucket_count = 26;  // up to 2^24, and the rest: 16 s in microseconds

  void observe(std::uint64_t value) {
    const std::size_t power = value <= 1 ? 0 : static_cast<std::size_t>(std::bit_width(value - 1));
    buckets_[std::min(power, bucket_count - 1)].add();
    sum_.add(value);
  }
  void observe(std::int64_t value) {
    observe(static_cast<std::uint64_t>(std::max<std::int64_t>(0, value)));
  }

  Histogram& operator+=(const Histogram& other);

  // Those of bucket i alone, whose values are at most 2^i; of the last, any.
  std::uint64_t bucket(std::size_t i) const { return buckets_[i].value(); }
  std::uint64_t sum() const { return sum_.value(); }

 private:
  std::array<Counter, bucket_count> buckets_;
  Counter sum_;
};

// A worker's share. Times are in microseconds.
struct WorkerMetrics {
  // To add up the shares of all.
  WorkerMetrics& operator+=(const WorkerMetrics& other);

  Counter opened;                      // WebSockets
  Counter ops;                         // committed, and acknowledged
  Counter late_ops;                    // of those: transformed over others
  Counter overwrites;                  // of those: replaced a value that their author had not seen
  Counter forced;                      // whole documents saved over versions not seen
  Counter duplicates;                  // sent again, and acknowledged again
  Counter hits;                        // requests to a document in memory
  Counter misses;                      // documents that had to be loaded
  Counter evictions;                   // documents let go for others
  std::array<Counter, 64> refused;     // ops, by Errc
  std::array<Counter, 600> responses;  // over HTTP, by status
  std::array<Counter, close_reasons.size()> closed;  // connections, by reason
  Histogram apply;    // from an op's arrival until it is applied and queued for the disk
  Histogram durable;  // from then until it is on disk and acknowledged
  Histogram send;     // from a turn's first waiting frame until the sockets have taken their share
  Histogram late_by;  // versions
};

// The commit thread's.
struct CommitMetrics {
  Histogram batch_ops;
  Histogram batch_bytes;
  Histogram flush;  // microseconds of a transaction with its sync
  Counter failed;
};

}  // namespace segue::server
