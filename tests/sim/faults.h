// Which faults a run has, and how strong they are. Drawn from the seed; a mask can overrule which.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "oplog/commit_queue.h"
#include "server/limits.h"
#include "tests/sim/core.h"

namespace segue::sim {

// A bit of the mask each. Append only: masks are kept in seeds.txt.
enum class Fault : std::uint8_t {
  reset,          // a connection breaks; what was under way is lost
  half_open,      // the client is gone, and the server learns of it late
  deaf,           // what the server sends does not arrive, and the client learns of it late
  slow_reader,    // a client's window is small, and it reads rarely
  slow_network,   // latencies up to seconds
  kill,           // the process ends at once
  power_cut,      // the process ends at once, and clients hear nothing of it
  pause,          // the process stands still for seconds
  stop,           // the process is stopped and started again
  slow_disk,      // syncs of seconds
  full_disk,      // no append works for some time
  broken_disk,    // an append fails, and is on disk or not; none works until a restart
  bad_record,     // appends to one document fail for some time
  failing_read,   // reads of the log fail now and then
  offline,        // clients edit without a connection
  tabs,           // two clients use one src
  churn,          // documents are deleted and created again
  leaving,        // clients unsubscribe and subscribe
  probes,         // a client that asks for anything, and resends what it should not
  bursts,         // many edits at once
  small_limits,   // outbox, history, pieces, batches
  little_memory,  // not for all documents at a time
  watchers,       // clients with presence and queries
};
inline constexpr std::size_t fault_count = 23;

class Faults {
 public:
  explicit Faults(std::uint32_t mask) : mask_(mask) {}
  static Faults drawn(std::uint64_t seed);

  bool on(Fault fault) const { return (mask_ >> static_cast<unsigned>(fault) & 1u) != 0; }
  std::uint32_t mask() const { return mask_; }

 private:
  std::uint32_t mask_;
};

// "reset half_open ..."
std::string names(Faults faults);

server::Limits draw_limits(std::uint64_t seed, Faults faults);
oplog::CommitQueue::Options draw_commit_options(std::uint64_t seed, Faults faults);

}  // namespace segue::sim
