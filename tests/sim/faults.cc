#include "tests/sim/faults.h"

#include <array>
#include <string_view>

namespace segue::sim {

namespace {
// Streams of dice, apart from those that parts of the world count up.
constexpr std::uint64_t mask_stream = 900'001;
constexpr std::uint64_t limits_stream = 900'002;
constexpr std::uint64_t commit_stream = 900'003;
}  // namespace

Faults Faults::drawn(std::uint64_t seed) {
  Dice dice(seed, mask_stream);
  const std::size_t percent = 10 + dice.below(50);
  std::uint32_t mask = 0;
  for (std::size_t fault = 0; fault < fault_count; ++fault) {
    mask |= dice.chance(percent) ? 1u << fault : 0u;
  }
  return Faults(mask);
}

std::string names(Faults faults) {
  constexpr std::array<std::string_view, fault_count> all = {
      "reset",      "half_open",    "deaf",         "slow_reader",   "slow_network", "kill",
      "power_cut",  "pause",        "stop",         "slow_disk",     "full_disk",    "broken_disk",
      "bad_record", "failing_read", "offline",      "tabs",          "churn",        "leaving",
      "probes",     "bursts",       "small_limits", "little_memory", "watchers"};
  std::string line;
  for (std::size_t fault = 0; fault < fault_count; ++fault) {
    if (faults.on(static_cast<Fault>(fault))) {
      line += line.empty() ? "" : " ";
      line += all[fault];
    }
  }
  return line;
}

server::Limits draw_limits(std::uint64_t seed, Faults faults) {
  Dice dice(seed, limits_stream);
  server::Limits limits;
  if (faults.on(Fault::small_limits)) {
    limits.outbox_bytes_max = 500 + dice.below(20'000);
    limits.outbox_frames_max = 3 + dice.below(60);
    limits.catch_up_ops = 1 + dice.below(20);
    limits.catch_up_bytes = 200 + dice.below(3'000);
    limits.catch_up_ops_at_once = dice.below(10);
    limits.document.history_bytes_max = dice.below(8'000);
    limits.document.authors_max = dice.below(4);
    limits.checkpoint_ops_bytes_min = dice.below(6'000);
    limits.loads_waiting_max = 1 + dice.below(20);
    limits.requests_waiting_bytes_max = 1'000 + dice.below(20'000);
  }
  if (faults.on(Fault::little_memory)) {
    limits.documents_bytes_max = 2'000 + dice.below(40'000);
  }
  return limits;
}

oplog::CommitQueue::Options draw_commit_options(std::uint64_t seed, Faults faults) {
  Dice dice(seed, commit_stream);
  oplog::CommitQueue::Options options;
  if (faults.on(Fault::small_limits)) {
    options.batch_entries_max = 1 + dice.below(12);
    options.batch_bytes_max = 300 + dice.below(4'000);
  }
  return options;
}

}  // namespace segue::sim
