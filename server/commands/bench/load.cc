#include "server/commands/bench/load.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <numeric>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "server/commands/bench/audit.h"
#include "server/commands/bench/member.h"
#include "server/random_id.h"

namespace segue::bench {

namespace {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;

constexpr double step_limit_s = 60;  // for all members to connect, to subscribe, to settle

double microseconds(Clock::duration time) {
  return std::chrono::duration<double, std::micro>(time).count();
}

double divided(double value, double by) { return by > 0 ? value / by : 0; }

// A member and what it is doing.
struct Worker {
  std::unique_ptr<Member> member;
  std::size_t document = 0;
  std::uint64_t edits = 0;
  Clock::time_point sent;
};

struct Totals {
  double acks = 0;
  double received = 0;
  double server_us = 0;
  double own_us = 0;
  Clock::time_point time;
};

class LoadRun {
 public:
  LoadRun(const Target& target, const Load& load, const Workload& workload)
      : target_(target),
        load_(load),
        workload_(workload),
        server_(resolve(target.url, target.token)) {}

  Figures run() {
    build_documents();
    open_members();
    start_editors();
    io_.run_for(duration_of_s(load_.warm_up_s));
    latencies_.clear();
    const Totals before = totals();
    io_.run_for(duration_of_s(load_.seconds));
    const Totals after = totals();
    Figures figures = figures_of(before, after);
    settle();
    return figures;
  }

 private:
  void build_documents();
  void open_members();
  void start_editors();
  void edit(std::size_t editor);
  void settle();
  Totals totals() const;
  Figures figures_of(const Totals& before, const Totals& after);
  std::uint64_t final_version(std::size_t document) const;

  const Target& target_;
  const Load& load_;
  const Workload& workload_;
  asio::io_context io_{1};
  Address server_;
  std::vector<ot::DocId> documents_;
  std::vector<std::unique_ptr<Member>> creators_;  // one for each document
  std::vector<Worker> workers_;                    // editors, then subscribers
  std::vector<double> latencies_;
  bool editing_ = true;
};

void LoadRun::build_documents() {
  const std::string run = server::random_id();
  for (std::size_t i = 0; i < load_.documents; ++i) {
    documents_.push_back({"bench", run + "-" + std::to_string(i)});
    Member& creator =
        *creators_.emplace_back(std::make_unique<Member>(io_, server_, documents_.back()));
    run_until(
        io_, [&] { return creator.connected(); }, step_limit_s, "a handshake");
    for (const std::string& body : workload_.build) {
      creator.submit(body);
      run_until(
          io_, [&] { return !creator.in_flight(); }, step_limit_s, "a document to be built");
    }
  }
}

void LoadRun::open_members() {
  workers_.resize(load_.editors + load_.subscribers);
  for (std::size_t i = 0; i < workers_.size(); ++i) {
    workers_[i].document = i % load_.documents;
    const ot::DocId& doc = documents_[workers_[i].document];
    workers_[i].member = std::make_unique<Member>(io_, server_, doc);
  }
  const auto all = [this](auto has) {
    return [this, has] {
      return std::all_of(workers_.begin(), workers_.end(),
                         [&](const Worker& worker) { return has(*worker.member); });
    };
  };
  run_until(io_, all([](const Member& member) { return member.connected(); }), step_limit_s,
            "all handshakes");
  for (const Worker& worker : workers_) {
    worker.member->subscribe(workload_.build.size());
  }
  run_until(io_, all([](const Member& member) { return member.subscribed(); }), step_limit_s,
            "all subscriptions");
}

void LoadRun::start_editors() {
  for (std::size_t i = 0; i < load_.editors; ++i) {
    workers_[i].member->on_ack([this, i] {
      latencies_.push_back(microseconds(Clock::now() - workers_[i].sent));
      if (editing_) {
        edit(i);
      }
    });
    edit(i);
  }
}

void LoadRun::edit(std::size_t editor) {
  Worker& worker = workers_[editor];
  worker.sent = Clock::now();
  worker.member->submit(workload_.edit(editor, worker.edits++));
}

std::uint64_t LoadRun::final_version(std::size_t document) const {
  std::uint64_t version = workload_.build.size();
  for (const Worker& worker : workers_) {
    version += worker.document == document ? worker.member->committed().size() : 0;
  }
  return version;
}

// Lets what is under way come to its end, and checks it.
void LoadRun::settle() {
  editing_ = false;
  run_until(
      io_,
      [this] {
        return std::all_of(workers_.begin(), workers_.end(),
                           [](const Worker& worker) { return !worker.member->in_flight(); });
      },
      step_limit_s, "the last acknowledgements");
  for (std::size_t i = 0; i < documents_.size(); ++i) {
    std::vector<const Member*> members;
    for (const Worker& worker : workers_) {
      if (worker.document == i) {
        members.push_back(worker.member.get());
      }
    }
    const std::uint64_t version = final_version(i);
    run_until(
        io_,
        [&] {
          return std::all_of(members.begin(), members.end(),
                             [&](const Member* member) { return member->version() >= version; });
        },
        step_limit_s, "everybody to receive the last op");
    audit(io_, server_, documents_[i], members);
  }
}

Totals LoadRun::totals() const {
  Totals now;
  now.time = Clock::now();
  for (const Worker& worker : workers_) {
    now.acks += static_cast<double>(worker.member->committed().size());
    now.received += static_cast<double>(worker.member->received());
  }
  now.server_us = target_.cpu_us();
  now.own_us = own_cpu_us();
  return now;
}

Figures LoadRun::figures_of(const Totals& before, const Totals& after) {
  const double time_us = microseconds(after.time - before.time);
  const double ops = after.acks - before.acks;
  const double deliveries = after.received - before.received;
  const double server_us = after.server_us - before.server_us;
  const double waited = std::accumulate(latencies_.begin(), latencies_.end(), 0.0);
  const double mean = divided(waited, static_cast<double>(latencies_.size()));
  return {
      {"ops_per_s", ops / time_us * 1e6},
      {"ack_p50_us", percentile(latencies_, 0.5)},
      {"ack_p99_us", percentile(latencies_, 0.99)},
      {"ack_mean_us", mean},
      {"deliveries_per_s", deliveries / time_us * 1e6},
      {"server_us_per_op", divided(server_us, ops)},
      {"server_us_per_delivery", divided(server_us, deliveries)},
      {"server_percent", server_us / time_us * 100},
      {"generator_percent", (after.own_us - before.own_us) / time_us * 100},
  };
}

}  // namespace

Figures run_load(const Target& target, const Load& load, const Workload& workload) {
  LoadRun run(target, load, workload);
  return run.run();
}

}  // namespace segue::bench
