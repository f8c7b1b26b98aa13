// soak: a crowd that comes and goes for a long time leaves nothing behind in the server.

#include "server/commands/bench/soak.h"

#include <chrono>
#include <cmath>
#include <cstdio>
#include <string>
#include <utility>

#include <boost/asio/steady_timer.hpp>
#include <unistd.h>

#include "server/commands/bench/audit.h"
#include "server/commands/bench/scenarios.h"
#include "server/commands/bench/server_stats.h"
#include "server/commands/bench/servers.h"

namespace segue::bench {

namespace {

using Clock = std::chrono::steady_clock;
using server::Live;

constexpr double step_limit_s = 120;
constexpr double presence_margin_s = 5;
constexpr double bytes_tolerance = 0.05;
constexpr double turn_s = 0.02;
constexpr double sample_s = 1;
constexpr double slope_max_mib_per_h = 1;
constexpr double slope_from_s = 180;    // the first minutes do not count
constexpr double slope_judged_s = 600;  // of shorter runs it is told only

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

// The line through samples of (time, bytes), and how far noise may have turned it.
class Slope {
 public:
  void add(double hours, double mib) { samples_.emplace_back(hours, mib); }

  // Per hour, with its standard error; 0 of fewer than three.
  std::pair<double, double> fit() const {
    const auto n = static_cast<double>(samples_.size());
    double x = 0;
    double y = 0;
    for (const auto& [hours, mib] : samples_) {
      x += hours / n;
      y += mib / n;
    }
    double xx = 0;
    double xy = 0;
    for (const auto& [hours, mib] : samples_) {
      xx += (hours - x) * (hours - x);
      xy += (hours - x) * (mib - y);
    }
    if (n < 3 || xx == 0) {
      return {0, 0};
    }
    const double slope = xy / xx;
    double rest = 0;
    for (const auto& [hours, mib] : samples_) {
      const double off = mib - y - slope * (hours - x);
      rest += off * off;
    }
    return {slope, std::sqrt(rest / (n - 2) / xx)};
  }

 private:
  std::vector<std::pair<double, double>> samples_;
};

// What the server holds, by its own count and by the kernel's.
struct Holdings {
  Live live;
  double descriptors = 0;
};

double bytes_of(const Live& live) {
  return static_cast<double>(live.document_bytes + live.query_bytes + live.outbox_bytes +
                             live.pending_bytes);
}

class SoakRun {
 public:
  SoakRun(const Target& target, const Options& options)
      : process_(*target.process),
        options_(options),
        server_(resolve(target.url, target.token)),
        crowd_(io_, server_, options.guests) {}

  Figures run() {
    crowd_.build();
    crowd_.invite();
    rest_until([this] { return is_quiet(); }, step_limit_s, "everybody to come in");
    const Holdings before = holdings();
    work();
    const auto stopped = Clock::now();
    rest_until([this] { return crowd_.is_settled() && crowd_.presence_converged(); },
               options_.idle_timeout_s + presence_margin_s, "presence to be right");
    const double converged_s = seconds_since(stopped);
    rest_until([this] { return is_quiet(); }, options_.idle_timeout_s + presence_margin_s,
               "those who have gone to be forgotten");
    compare(before);
    crowd_.audit_rooms();
    return figures(before, converged_s);
  }

 private:
  void work();
  void pause(double seconds);
  void rest_until(const std::function<bool()>& done, double limit_s, const std::string& what);
  bool is_quiet();
  Holdings holdings() {
    return {stats_of(server_.endpoint), static_cast<double>(process_.descriptors())};
  }
  void compare(const Holdings& before);
  Figures figures(const Holdings& before, double converged_s);

  const Process& process_;
  const Options& options_;
  boost::asio::io_context io_{1};
  Address server_;
  SoakCrowd crowd_;
  Slope memory_;
  double last_mib_ = 0;
};

void SoakRun::pause(double seconds) {
  bool over = false;
  boost::asio::steady_timer timer(io_, duration_of_s(seconds));
  timer.async_wait([&](boost::system::error_code) { over = true; });
  run_until(
      io_, [&] { return over; }, step_limit_s, "time to pass");
}

void SoakRun::work() {
  const double skipped_s = std::min(slope_from_s, options_.soak_s / 4);
  const auto begin = Clock::now();
  double sampled_s = 0;
  double now = 0;
  while (now < options_.soak_s) {
    crowd_.work();
    pause(turn_s);
    now = seconds_since(begin);
    if (now < sampled_s + sample_s) {
      continue;
    }
    sampled_s = now;
    last_mib_ = static_cast<double>(process_.resident_bytes()) / (1u << 20);
    if (now >= skipped_s) {
      memory_.add(now / 3600, last_mib_);
    }
  }
}

// Nobody works, but the places are filled.
void SoakRun::rest_until(const std::function<bool()>& done, double limit_s,
                         const std::string& what) {
  const auto begin = Clock::now();
  while (!done()) {
    if (seconds_since(begin) > limit_s) {
      throw Broken("waited in vain for " + what);
    }
    crowd_.invite();
    pause(turn_s);
  }
}

bool SoakRun::is_quiet() {
  if (!crowd_.is_settled() || !crowd_.presence_converged()) {
    return false;
  }
  const Live live = stats_of(server_.endpoint);
  return live.connections == crowd_.size() + 1 && live.subscriptions == crowd_.size() &&
         live.presences == crowd_.size() && live.queries == crowd_.size() &&
         live.channels == crowd_.rooms() && live.outbox_bytes == 0 && live.pending_ops == 0;
}

void SoakRun::compare(const Holdings& before) {
  const Live live = stats_of(server_.endpoint);
  const double was = bytes_of(before.live);
  if (live.documents != before.live.documents ||
      std::abs(bytes_of(live) - was) > bytes_tolerance * was) {
    throw Broken("the server held " + server::live_text(before.live) + " and now holds " +
                 server::live_text(live));
  }
  rest_until([&] { return holdings().descriptors == before.descriptors; },
             options_.idle_timeout_s + presence_margin_s,
             std::to_string(static_cast<int>(before.descriptors)) + " descriptors, not " +
                 std::to_string(process_.descriptors()));
  const auto [slope, error] = memory_.fit();
  if (options_.soak_s >= slope_judged_s && slope - 2 * error > slope_max_mib_per_h) {
    throw Broken("memory grows by " + std::to_string(slope) + " MiB an hour");
  }
}

Figures SoakRun::figures(const Holdings& before, double converged_s) {
  const auto [slope, error] = memory_.fit();
  const auto& visits = crowd_.visits();
  const Holdings now = holdings();
  return {{"guests_that_came", visits.came},
          {"guests_that_left", visits.left},
          {"guests_reset", visits.reset},
          {"guests_frozen", visits.frozen},
          {"edits", crowd_.edits()},
          {"presence_converged_s", converged_s},
          {"live_bytes_before", bytes_of(before.live)},
          {"live_bytes_after", bytes_of(now.live)},
          {"descriptors_before", before.descriptors},
          {"descriptors_after", now.descriptors},
          {"memory_mib", last_mib_},
          {"memory_slope_mib_per_h", slope},
          {"memory_slope_error_mib_per_h", error}};
}

}  // namespace

std::vector<Row> run_soak(const Options& options) {
  const TestServer server = TestServer::segue_on_disk(
      options, {"--idle-timeout", std::to_string(options.idle_timeout_s)});
  const Target target = server.target();
  SoakRun run(target, options);
  return {{"soak", std::to_string(options.guests) + " guests", run.run()}};
}

}  // namespace segue::bench
