// catchup: what it takes to serve somebody who is many ops behind.

#include <chrono>

#include <boost/asio/io_context.hpp>

#include "server/commands/bench/audit.h"
#include "server/commands/bench/scenarios.h"
#include "server/commands/bench/servers.h"
#include "server/random_id.h"

namespace segue::bench {

namespace {

using Clock = std::chrono::steady_clock;
constexpr double step_limit_s = 300;

class CatchUpRun {
 public:
  CatchUpRun(const Target& target, std::size_t behind)
      : target_(target), behind_(behind), server_(resolve(target.url, target.token)) {}

  // Figures: late_subscribe_ms and late_op_ms, until all ops have come and the answer behind them,
  // and what each takes of the server's processor.
  Figures run() {
    write_history();
    Figures figures;
    measure(
        "late_subscribe", figures, [](Member& late) { late.subscribe(1); },
        [](const Member& late) { return late.subscribed(); });
    measure(
        "late_op", figures, [](Member& late) { late.submit_at(1, plan().edit(0, 0)); },
        [](const Member& late) { return !late.in_flight(); });
    audit(io_, server_, doc_, {});
    return figures;
  }

 private:
  void write_history();
  template <class Begin, class Done>
  void measure(const std::string& name, Figures& figures, Begin begin, Done done);
  void connect(const Member& member) {
    run_until(
        io_, [&] { return member.connected(); }, step_limit_s, "a handshake");
  }

  const Target& target_;
  std::size_t behind_;
  boost::asio::io_context io_{1};
  Address server_;
  ot::DocId doc_{"bench", server::random_id()};
};

// A create, then so many edits by one author.
void CatchUpRun::write_history() {
  const Workload workload = plan();
  Member author(io_, server_, doc_);
  connect(author);
  author.on_ack([&] {
    if (const auto done = author.committed().size(); done <= behind_) {
      author.submit(workload.edit(0, done));
    }
  });
  author.submit(workload.build.front());
  run_until(
      io_, [&] { return author.committed().size() > behind_; }, step_limit_s, "a history");
}

template <class Begin, class Done>
void CatchUpRun::measure(const std::string& name, Figures& figures, Begin begin, Done done) {
  Member late(io_, server_, doc_);
  connect(late);
  const double cpu_before = target_.cpu_us();
  const auto before = Clock::now();
  begin(late);
  run_until(
      io_, [&] { return done(late); }, step_limit_s, name);
  const std::chrono::duration<double, std::milli> time = Clock::now() - before;
  const double cpu_after = target_.cpu_us();
  if (late.received() < behind_) {
    throw Broken(name + ": of " + std::to_string(behind_) + " ops came " +
                 std::to_string(late.received()));
  }
  figures.push_back({name + "_ms", time.count()});
  figures.push_back({name + "_server_ms", (cpu_after - cpu_before) / 1e3});
}

}  // namespace

Figures run_catch_up_at(const Target& target, std::size_t behind) {
  return CatchUpRun(target, behind).run();
}

std::vector<Row> run_catch_up(const Options& options) {
  std::vector<Figures> runs;
  for (std::size_t i = 0; i < options.repeat; ++i) {
    const TestServer server = TestServer::segue(options, options.durable);
    runs.push_back(run_catch_up_at(server.target(), options.behind));
  }
  return {{"catchup", std::to_string(options.behind) + " ops behind", medians(runs)}};
}

}  // namespace segue::bench
