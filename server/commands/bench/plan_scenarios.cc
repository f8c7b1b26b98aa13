// hot-doc, many-docs, fanout, durable, vs-sharedb: editors of plans.

#include <algorithm>
#include <functional>
#include <iterator>
#include <string>
#include <utility>

#include "server/commands/bench/disk.h"
#include "server/commands/bench/scenarios.h"
#include "server/commands/bench/servers.h"

namespace segue::bench {

namespace {

Figures run_segue(const Options& options, const Load& load, bool durable) {
  const TestServer server = TestServer::segue(options, durable);
  return run_load(server.target(), load, plan());
}

// For each figure Segue's share of ShareDB's.
Figures compared(const Figures& segue, const Figures& sharedb) {
  Figures ratios;
  for (const Figure& figure : sharedb) {
    if (figure.value > 0) {
      ratios.push_back({figure.name, value_of(segue, figure.name) / figure.value});
    }
  }
  return ratios;
}

std::vector<Row> compare(const std::string& scenario, const Options& options,
                         const std::function<Figures(const Target&)>& run) {
  std::vector<Figures> segue;
  std::vector<Figures> sharedb;
  for (std::size_t i = 0; i < options.repeat; ++i) {
    const auto run_at = [&](const TestServer& server) { return run(server.target()); };
    segue.push_back(run_at(TestServer::segue(options, false)));
    sharedb.push_back(run_at(TestServer::program({"node", options.sharedb})));
  }
  return {{scenario, "segue", medians(segue)},
          {scenario, "sharedb", medians(sharedb)},
          {scenario, "segue / sharedb", compared(medians(segue), medians(sharedb))}};
}

}  // namespace

std::vector<Row> run_plan(const std::string& scenario, const Options& options) {
  std::vector<Figures> runs;
  for (std::size_t i = 0; i < options.repeat; ++i) {
    runs.push_back(run_segue(options, options.load, options.durable));
  }
  return {{scenario, options.durable ? "durable" : "in memory", medians(runs)}};
}

std::vector<Row> run_durable(const Options& options) {
  constexpr std::size_t commits = 500;
  const double editors = static_cast<double>(options.load.editors);
  std::vector<Figures> memory;
  std::vector<Figures> durable;
  std::vector<Figures> bounds;
  for (std::size_t i = 0; i < options.repeat; ++i) {
    memory.push_back(run_segue(options, options.load, false));
    const double commit_us = commit_mean_us(options.directory, options.load.editors, commits);
    durable.push_back(run_segue(options, options.load, true));
    const double cycle_us = commit_us + value_of(memory.back(), "ack_mean_us");
    const double bound = std::min(value_of(memory.back(), "ops_per_s"), editors / cycle_us * 1e6);
    bounds.push_back({{"flush_us", flush_us(options.directory)},
                      {"commit_mean_us", commit_us},
                      {"bound_ops_per_s", bound},
                      {"percent_of_bound", value_of(durable.back(), "ops_per_s") / bound * 100}});
  }
  return {{"durable", "in memory", medians(memory)},
          {"durable", "durable", medians(durable)},
          {"durable", "bound", medians(bounds)}};
}

std::vector<Row> run_vs_sharedb(const Options& options) {
  const double warm_up_s = options.load.warm_up_s;
  const double seconds = options.load.seconds;
  const std::vector<std::pair<std::string, Load>> loads = {
      {"hot-doc", {1, 16, 0, warm_up_s, seconds}},
      {"many-docs", {8, 32, 0, warm_up_s, seconds}},
      {"fanout", {1, 1, options.load.subscribers, warm_up_s, seconds}},
  };
  std::vector<Row> rows;
  const auto add = [&](std::vector<Row> more) {
    std::move(more.begin(), more.end(), std::back_inserter(rows));
  };
  for (const auto& [scenario, load] : loads) {
    add(compare(scenario, options,
                [&load = load](const Target& target) { return run_load(target, load, plan()); }));
  }
  add(compare("catchup", options,
              [&](const Target& target) { return run_catch_up_at(target, options.behind); }));
  return rows;
}

}  // namespace segue::bench
