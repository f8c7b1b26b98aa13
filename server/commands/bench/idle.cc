// idle: the memory that a connection takes that says nothing.

#include <memory>

#include <boost/asio/io_context.hpp>

#include "server/commands/bench/audit.h"
#include "server/commands/bench/scenarios.h"
#include "server/commands/bench/servers.h"

namespace segue::bench {

namespace {

constexpr double step_limit_s = 60;

class IdleRun {
 public:
  IdleRun(const Target& target, std::size_t connections)
      : target_(target), count_(static_cast<double>(connections)) {
    members_.resize(connections);
  }

  Figures run() {
    const double before = resident();
    const auto endpoint = resolve(target_.url);
    for (auto& member : members_) {
      member = std::make_unique<Member>(io_, endpoint, ot::DocId{"bench", "idle"});
      run_until(
          io_, [&] { return member->connected(); }, step_limit_s, "a handshake");
    }
    const double connected = resident();
    for (auto& member : members_) {
      member->subscribe(0);
      run_until(
          io_, [&] { return member->subscribed(); }, step_limit_s, "a subscription");
    }
    const double subscribed = resident();
    return {{"bytes_per_connection", (connected - before) / count_},
            {"bytes_per_subscription", (subscribed - connected) / count_}};
  }

 private:
  double resident() const { return static_cast<double>(target_.process->resident_bytes()); }

  const Target& target_;
  double count_;
  boost::asio::io_context io_{1};
  std::vector<std::unique_ptr<Member>> members_;
};

}  // namespace

std::vector<Row> run_idle(const Options& options) {
  std::vector<Figures> runs;
  for (std::size_t i = 0; i < options.repeat; ++i) {
    const TestServer server = TestServer::segue(options, false);
    const Target target = server.target();
    runs.push_back(IdleRun(target, options.connections).run());
  }
  return {{"idle", std::to_string(options.connections) + " connections", medians(runs)}};
}

}  // namespace segue::bench
