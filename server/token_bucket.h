// How much somebody may do in a while: so much a second, and more than that for a moment.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace segue::server {

struct Rate {
  double per_second;
  double burst;  // what may come at once after a rest
};

// A bucket of tokens that fills up at a rate. What is taken may go below nothing: then the taker
// waits until it is filled up again, and what it has done already stands. A value; not for two
// threads at a time.
class TokenBucket {
 public:
  explicit TokenBucket(Rate rate) : rate_(rate), level_(rate.burst) {}

  // Takes `amount` now, and answers how long to wait before more is taken.
  std::chrono::milliseconds take(double amount, std::int64_t now_ms) {
    const double rested = static_cast<double>(std::max<std::int64_t>(0, now_ms - at_ms_)) / 1000;
    level_ = std::min(rate_.burst, level_ + rested * rate_.per_second) - amount;
    at_ms_ = std::max(at_ms_, now_ms);
    if (level_ >= 0) return std::chrono::milliseconds(0);
    return std::chrono::milliseconds(static_cast<std::int64_t>(-level_ / rate_.per_second * 1000) +
                                     1);
  }
  // Whether it is as full as when it was made.
  bool is_full(std::int64_t now_ms) const {
    return level_ + static_cast<double>(now_ms - at_ms_) / 1000 * rate_.per_second >= rate_.burst;
  }

 private:
  Rate rate_;
  double level_;
  std::int64_t at_ms_ = 0;
};

}  // namespace segue::server
