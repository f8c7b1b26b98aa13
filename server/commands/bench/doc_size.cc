// doc-size: whether a small edit of a big document costs more than the same edit of a small one.

#include <string>

#include "server/commands/bench/scenarios.h"
#include "server/commands/bench/servers.h"

namespace segue::bench {

namespace {

constexpr std::size_t small_bytes = 1'024;

Figures run_once(const Options& options, const Workload& workload) {
  const TestServer server = TestServer::segue(options, options.durable);
  return run_load(server.target(), options.load, workload);
}

}  // namespace

std::vector<Row> run_doc_size(const Options& options) {
  const auto big = big_documents(options.bytes);
  const auto small = big_documents(small_bytes);
  std::vector<Row> rows;
  for (std::size_t shape = 0; shape < big.size(); ++shape) {
    std::vector<Figures> big_runs;
    std::vector<Figures> small_runs;
    for (std::size_t i = 0; i < options.repeat; ++i) {
      big_runs.push_back(run_once(options, big[shape]));
      small_runs.push_back(run_once(options, small[shape]));
    }
    const Figures of_big = medians(big_runs);
    const Figures of_small = medians(small_runs);
    Figures figures;
    for (const char* name : {"server_us_per_op", "ack_p99_us"}) {
      figures.push_back({std::string(name), value_of(of_big, name)});
      figures.push_back({std::string(name) + "_small", value_of(of_small, name)});
    }
    figures.push_back(
        {"ratio", value_of(of_big, "server_us_per_op") / value_of(of_small, "server_us_per_op")});
    rows.push_back({"doc-size", big[shape].name, std::move(figures)});
  }
  return rows;
}

}  // namespace segue::bench
