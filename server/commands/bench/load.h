// Load: editors and subscribers at a server, for a while; what that took; and that nothing was
// lost.
#pragma once

#include <cstddef>
#include <string>

#include "server/commands/bench/figures.h"
#include "server/commands/bench/process.h"
#include "server/commands/bench/workload.h"

namespace segue::bench {

struct Load {
  std::size_t documents = 1;
  std::size_t editors = 16;     // of all documents together; each has one op in flight
  std::size_t subscribers = 0;  // who only read, of all documents together
  double warm_up_s = 1;
  double seconds = 3;  // measured
};

// The server under test. Its processor time is measured where it is a child of ours.
struct Target {
  std::string url;
  const Process* process = nullptr;
  std::string token = {};  // shown to it; empty: none

  // Of the server so far; 0 where it is not known.
  double cpu_us() const { return process != nullptr ? process->cpu_us() : 0; }
};

// Runs new documents at the server. Figures: ops_per_s, ack_p50_us, ack_p99_us, ack_mean_us,
// deliveries_per_s (ops of others received, by all members), server_us_per_op,
// server_us_per_delivery, server_percent and generator_percent (of one core).
// Throws Broken (audit.h) if anything was lost, std::runtime_error if the server fails.
Figures run_load(const Target& target, const Load& load, const Workload& workload);

}  // namespace segue::bench
