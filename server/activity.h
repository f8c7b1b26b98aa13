// Activity: about how often something happens.
//
// Strand: its owner's. Times are microseconds of a clock that never steps.
#pragma once

#include <cstdint>

namespace segue::server {

class Activity {
 public:
  void note(std::int64_t now_us) {
    advance(now_us);
    ++this_minute_;
  }

  // The current minute's, and of the one before as large a part as the current one still lacks.
  std::uint64_t per_minute(std::int64_t now_us) const {
    Activity now = *this;
    now.advance(now_us);
    const auto rest_us = static_cast<std::uint64_t>(minute_us - now_us % minute_us);
    return now.this_minute_ + now.last_minute_ * rest_us / minute_us;
  }

 private:
  static constexpr std::int64_t minute_us = 60'000'000;

  void advance(std::int64_t now_us) {
    const std::int64_t minute = now_us / minute_us;
    if (minute != minute_) {
      last_minute_ = minute == minute_ + 1 ? this_minute_ : 0;
      this_minute_ = 0;
      minute_ = minute;
    }
  }

  std::int64_t minute_ = 0;
  std::uint64_t this_minute_ = 0;
  std::uint64_t last_minute_ = 0;
};

}  // namespace segue::server
