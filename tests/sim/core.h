// What every part of the simulator stands on: virtual time, seeded dice, the queue of events, the
// trace and its hash, and how a broken guarantee is reported.
//
// One thread. Nothing here or above looks at the real clock, at an address or at the order of a
// hash table, so that a seed alone decides what happens, in every build.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <initializer_list>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/random.h"

namespace segue::sim {

using Time = std::int64_t;  // microseconds since the run began
inline constexpr Time ms = 1'000;
inline constexpr Time second = 1'000 * ms;

// A guarantee of reliability is broken. `what` begins with its name: "S1/G1 ack before sync: ...".
struct Violation : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// A stream of random numbers. Each part of the world has its own, so that what one part draws does
// not depend on the order the parts are called in.
class Dice {
 public:
  Dice(std::uint64_t seed, std::uint64_t stream) : random_(seed * 1'000'003 + stream) {
    random_.bits();
  }

  std::uint64_t bits() { return random_.bits(); }
  std::size_t below(std::size_t n) { return random_.below(n); }
  bool chance(std::size_t percent) { return random_.below(100) < percent; }
  std::int64_t between(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(random_.below(static_cast<std::size_t>(high - low + 1)));
  }
  // Mostly near `low`, sometimes much longer, at most `high`.
  Time long_tailed(Time low, Time high) {
    return chance(90) ? between(low, low + (high - low) / 10) : between(low, high);
  }

 private:
  test::Random random_;
};

// What has happened, as a running hash; printed too where it is asked for.
class Trace {
 public:
  explicit Trace(bool print) : print_(print) {}
  void add(Time now, std::initializer_list<std::string_view> parts);
  std::uint64_t hash() const { return hash_; }

 private:
  bool print_;
  std::uint64_t hash_ = 0xcbf29ce484222325;
};

// All that is still to come, by time; what has the same time comes in any order, as dice say.
class Scheduler {
 public:
  using Task = std::function<void()>;

  Time now() const { return now_; }
  std::uint64_t events() const { return events_; }
  void after(Time delay, Dice& dice, Task task);
  bool empty() const { return queue_.empty(); }
  // Runs the next event. REQUIRES: not empty.
  void step();
  void clear() { queue_.clear(); }

 private:
  struct Event {
    Time at;
    std::uint64_t tie;
    std::uint64_t number;
    Task task;
  };
  static bool later(const Event& a, const Event& b);

  std::vector<Event> queue_;  // a heap
  Time now_ = 0;
  std::uint64_t events_ = 0;
  std::uint64_t scheduled_ = 0;
};

// Tasks that keep their order, whatever their delays.
class Lane {
 public:
  Lane(Scheduler& scheduler, Dice& dice) : scheduler_(scheduler), dice_(dice) {}

  void push(Time delay, Scheduler::Task task);
  // Forgets what has not run yet.
  void clear() { tasks_->clear(); }

 private:
  Scheduler& scheduler_;
  Dice& dice_;
  Time last_ = 0;
  std::shared_ptr<std::deque<Scheduler::Task>> tasks_ =
      std::make_shared<std::deque<Scheduler::Task>>();
};

}  // namespace segue::sim
