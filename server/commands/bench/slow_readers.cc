// slow-readers: subscribers who stop reading cost the server no more than a bounded outbox, and the
// others nothing; they are closed, and come back without having missed anything.

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "server/commands/bench/audit.h"
#include "server/commands/bench/member.h"
#include "server/commands/bench/scenarios.h"
#include "server/commands/bench/server_stats.h"
#include "server/commands/bench/servers.h"
#include "server/limits.h"

namespace segue::bench {

namespace {

using Clock = std::chrono::steady_clock;

constexpr double step_limit_s = 300;
constexpr double closed_limit_s = 30;
constexpr std::size_t quick_readers = 4;
constexpr std::size_t op_bytes = 16u << 10;
constexpr std::size_t megabyte = 1'000'000;
constexpr int receive_buffer_bytes = 64 << 10;  // so that the kernel takes little in their place
constexpr std::chrono::milliseconds sample_interval{20};

const ot::DocId document{"bench", "slow"};

// What the server's memory may grow by. The readers of a document share its frames, so all their
// outboxes together hold what one may. Then the newest ops of the document, decoded; what is on its
// way to the disk, and what the allocator keeps for the next; and each connection's own.
double memory_bound(std::size_t readers) {
  const server::Limits limits;
  constexpr std::size_t per_connection = 64u << 10;
  constexpr std::size_t on_its_way = 32u << 20;
  return static_cast<double>(limits.outbox_bytes_max + limits.document.history_bytes_max +
                             readers * per_connection + on_its_way);
}

class SlowReadersRun {
 public:
  SlowReadersRun(const Target& target, const Options& options)
      : process_(*target.process), options_(options), server_(resolve(target.url, target.token)) {}

  Figures run();

 private:
  struct Phase {
    double mb_per_s = 0;
    double ack_p50_us = 0;
  };

  std::unique_ptr<Member> subscribed(std::uint64_t version, int receive_buffer);
  void begin();
  Phase write(std::size_t bytes);
  void watch_memory();
  void freeze_slow();
  void see_them_closed();
  void resume();

  const Process& process_;
  const Options& options_;
  boost::asio::io_context io_{1};
  Address server_;
  boost::asio::steady_timer sampler_{io_};
  std::unique_ptr<Member> writer_;
  std::vector<std::unique_ptr<Member>> quick_;
  std::vector<std::unique_ptr<Member>> slow_;
  std::size_t ops_ = 0;
  double memory_max_ = 0;
};

std::unique_ptr<Member> SlowReadersRun::subscribed(std::uint64_t version, int receive_buffer) {
  auto member = std::make_unique<Member>(io_, server_, document, receive_buffer);
  run_until(
      io_, [&] { return member->connected(); }, step_limit_s, "a handshake");
  member->subscribe(version);
  run_until(
      io_, [&] { return member->subscribed(); }, step_limit_s, "a subscription");
  return member;
}

void SlowReadersRun::begin() {
  writer_ = subscribed(0, 0);
  writer_->submit(R"("create":{"type":"json0","data":{}})");
  run_until(
      io_, [&] { return !writer_->in_flight(); }, step_limit_s, "a document");
  for (std::size_t i = 0; i < quick_readers; ++i) {
    quick_.push_back(subscribed(1, 0));
  }
}

// One op after the other, each acknowledged; until the quick readers have all of them, too.
SlowReadersRun::Phase SlowReadersRun::write(std::size_t bytes) {
  const std::string text(op_bytes, 'x');
  const std::size_t count = bytes / op_bytes;
  std::vector<double> latencies;
  const auto begin = Clock::now();
  for (std::size_t i = 0; i < count; ++i) {
    std::string op = R"("op":[{"p":["text"],"od":"","oi":")";
    op.append(std::to_string(++ops_)).append(text).append("\"}]");
    const auto sent = Clock::now();
    writer_->submit(op);
    run_until(
        io_, [&] { return !writer_->in_flight(); }, step_limit_s, "an acknowledgement");
    latencies.push_back(std::chrono::duration<double, std::micro>(Clock::now() - sent).count());
  }
  run_until(
      io_,
      [&] {
        return std::all_of(quick_.begin(), quick_.end(), [&](const auto& reader) {
          return reader->version() == writer_->version();
        });
      },
      step_limit_s, "the quick readers to have read everything");
  const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  return {static_cast<double>(count * op_bytes) / megabyte / seconds, percentile(latencies, 0.5)};
}

void SlowReadersRun::watch_memory() {
  memory_max_ = std::max(memory_max_, static_cast<double>(process_.resident_bytes()));
  sampler_.expires_after(sample_interval);
  sampler_.async_wait([this](boost::system::error_code cancelled) {
    if (!cancelled) {
      watch_memory();
    }
  });
}

void SlowReadersRun::freeze_slow() {
  for (std::size_t i = 0; i < options_.slow_readers; ++i) {
    slow_.push_back(subscribed(writer_->version(), receive_buffer_bytes));
  }
  for (const auto& reader : slow_) {
    reader->peer().on_end([](unsigned) {});
    reader->peer().freeze();
  }
}

// By the server's own count first: they still hold on to their end.
void SlowReadersRun::see_them_closed() {
  const std::size_t left = 1 + quick_.size();
  const auto begin = Clock::now();
  while (stats_of(server_.endpoint).connections > left) {
    if (Clock::now() - begin > duration_of_s(closed_limit_s)) {
      throw Broken(std::to_string(stats_of(server_.endpoint).connections - left) +
                   " readers who do not read are still connected");
    }
    io_.run_for(std::chrono::milliseconds(20));
  }
  for (const auto& reader : slow_) {
    reader->peer().thaw();
  }
  run_until(
      io_,
      [&] {
        return std::all_of(slow_.begin(), slow_.end(),
                           [](const auto& reader) { return reader->peer().ended(); });
      },
      step_limit_s, "the slow readers to see that they were closed");
}

// A member throws where an op is left out.
void SlowReadersRun::resume() {
  for (auto& reader : slow_) {
    reader = subscribed(reader->version(), 0);
  }
  run_until(
      io_,
      [&] {
        return std::all_of(slow_.begin(), slow_.end(), [&](const auto& reader) {
          return reader->version() == writer_->version();
        });
      },
      step_limit_s, "the slow readers to have caught up");
}

Figures SlowReadersRun::run() {
  begin();
  const std::size_t all = options_.megabytes * megabyte;
  const Phase before = write(all / 4);
  const auto memory_before = static_cast<double>(process_.resident_bytes());
  freeze_slow();
  watch_memory();
  const Phase during = write(all);
  see_them_closed();
  sampler_.cancel();
  const Phase after = write(all / 4);
  resume();
  std::vector<const Member*> members{writer_.get()};
  for (const auto* readers : {&quick_, &slow_}) {
    for (const auto& reader : *readers) {
      members.push_back(reader.get());
    }
  }
  audit(io_, server_, document, members);
  const double grown = memory_max_ - memory_before;
  const double bound = memory_bound(options_.slow_readers);
  if (grown > bound) {
    throw Broken("memory grew by " + std::to_string(grown) + " bytes; the bound is " +
                 std::to_string(bound));
  }
  const double without = (before.mb_per_s + after.mb_per_s) / 2;
  return {{"mb_per_s_without", without},
          {"mb_per_s_with", during.mb_per_s},
          {"speed_ratio", during.mb_per_s / without},
          {"ack_p50_us_without", (before.ack_p50_us + after.ack_p50_us) / 2},
          {"ack_p50_us_with", during.ack_p50_us},
          {"memory_growth_bytes", grown},
          {"memory_bound_bytes", bound}};
}

}  // namespace

std::vector<Row> run_slow_readers(const Options& options) {
  std::vector<Figures> runs;
  for (std::size_t i = 0; i < options.repeat; ++i) {
    const TestServer server = TestServer::segue_on_disk(options);
    const Target target = server.target();
    runs.push_back(SlowReadersRun(target, options).run());
  }
  return {{"slow-readers", std::to_string(options.slow_readers) + " readers", medians(runs)}};
}

}  // namespace segue::bench
