// limits: what the parts can do that a server is made of: Beast alone, and the op log alone.

#include <algorithm>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>

#include <boost/asio/io_context.hpp>

#include "server/commands/bench/disk.h"
#include "server/commands/bench/peer.h"
#include "server/commands/bench/scenarios.h"
#include "server/commands/bench/servers.h"

namespace segue::bench {

namespace {

constexpr std::size_t echo_peers = 32;
constexpr std::size_t message_bytes = 150;

// How tests/bench/bare_server answers, by the first byte of a message.
enum class Answer : char { to_sender = 'e', to_all = 'b' };

// A message by each peer, or by one alone where all are answered; and again when the answers are
// there.
class BareRun {
 public:
  BareRun(const Target& target, std::size_t peers, Answer answer)
      : target_(target),
        message_(message_bytes, static_cast<char>(answer)),
        awaited_(answer == Answer::to_all ? peers : 1),
        speakers_(peers / awaited_) {
    const auto endpoint = resolve(target.url);
    for (std::size_t i = 0; i < peers; ++i) {
      peers_.push_back(std::make_unique<Peer>(io_, endpoint, [this, i](std::string_view) {
        ++received_;
        if (awaited_ == 1) {
          peers_[i]->send(message_);
        } else if (++round_ == awaited_) {
          round_ = 0;
          peers_.front()->send(message_);
        }
      }));
    }
  }

  Figures run(double time_s) {
    using Clock = std::chrono::steady_clock;
    for (std::size_t i = 0; i < speakers_; ++i) {
      peers_[i]->send(message_);
    }
    const auto before = Clock::now();
    const double server_before = target_.process->cpu_us();
    const double own_before = own_cpu_us();
    io_.run_for(duration_of_s(time_s));
    const std::chrono::duration<double, std::micro> time = Clock::now() - before;
    if (received_ == 0) {
      throw std::runtime_error("no answer came from " + target_.url);
    }
    const auto received = static_cast<double>(received_);
    return {{"messages_per_s", received / time.count() * 1e6},
            {"server_us_per_message", (target_.process->cpu_us() - server_before) / received},
            {"generator_percent", (own_cpu_us() - own_before) / time.count() * 100}};
  }

 private:
  const Target& target_;
  std::string message_;
  std::size_t awaited_;
  std::size_t speakers_;
  std::size_t received_ = 0;
  std::size_t round_ = 0;
  boost::asio::io_context io_{1};
  std::vector<std::unique_ptr<Peer>> peers_;
};

Figures run_bare(const Options& options, std::size_t peers, Answer answer) {
  const TestServer server = TestServer::program({options.bare_server});
  const Target target = server.target();
  return BareRun(target, peers, answer).run(options.load.seconds);
}

}  // namespace

std::vector<Row> run_limits(const Options& options) {
  const std::size_t subscribers = options.load.subscribers;
  std::vector<Figures> echo;
  std::vector<Figures> broadcast;
  std::vector<Figures> commits;
  for (std::size_t i = 0; i < options.repeat; ++i) {
    if (!options.bare_server.empty()) {
      echo.push_back(run_bare(options, echo_peers, Answer::to_sender));
      broadcast.push_back(run_bare(options, subscribers, Answer::to_all));
    }
    Figures& run = commits.emplace_back();
    for (const std::size_t batch : {1, 16, 256}) {
      constexpr std::size_t ops = 6'400;
      const std::size_t count = std::max<std::size_t>(50, std::min<std::size_t>(500, ops / batch));
      run.push_back({"commit_us_of_" + std::to_string(batch),
                     commit_mean_us(options.directory, batch, count)});
    }
  }
  std::vector<Row> rows;
  if (!options.bare_server.empty()) {
    rows.push_back({"limits", "beast echo", medians(echo)});
    rows.push_back({"limits", "beast broadcast", medians(broadcast)});
  }
  rows.push_back({"limits", "op log", medians(commits)});
  return rows;
}

}  // namespace segue::bench
