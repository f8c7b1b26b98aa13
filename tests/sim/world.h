// World: one run of the simulator. A server and its disk, clients and the network between them, and
// the faults that the seed has drawn; first with faults, then without, until all is quiet and
// equal.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ot/ids.h"
#include "tests/sim/core.h"
#include "tests/sim/disk.h"
#include "tests/sim/faults.h"
#include "tests/sim/ledger.h"
#include "tests/sim/link.h"
#include "tests/sim/person.h"
#include "tests/sim/prober.h"
#include "tests/sim/process.h"
#include "tests/sim/watcher.h"

namespace segue::sim {

// What a run is made of. What is not given is drawn from the seed.
struct Plan {
  std::uint64_t seed = 1;
  std::optional<std::uint32_t> faults;
  std::optional<std::size_t> clients;
  std::optional<std::int64_t> length_ms;  // of the part with faults
  std::optional<std::uint64_t> until;     // stop before this event
  bool trace = false;
};

struct Report {
  std::string violation;  // empty: none
  std::uint64_t event = 0;
  std::uint64_t hash = 0;
  std::uint64_t acks = 0;
  std::uint32_t faults = 0;
  std::size_t clients = 0;
  std::int64_t length_ms = 0;
};

class World {
 public:
  explicit World(const Plan& plan);
  World(const World&) = delete;
  World& operator=(const World&) = delete;
  ~World();

  Report run();

  // For its parts.
  std::uint64_t seed() const { return plan_.seed; }
  Faults faults() const { return faults_; }
  bool healed() const { return healed_; }  // no more faults
  Scheduler& scheduler() { return scheduler_; }
  Disk& disk() { return disk_; }
  Ledger& ledger() { return ledger_; }
  const server::Limits& limits() const { return limits_; }
  const oplog::CommitQueue::Options& commit_options() const { return commit_options_; }
  const std::vector<ot::DocId>& docs() const { return docs_; }
  std::shared_ptr<Process> process() { return process_; }
  std::shared_ptr<Link> new_link(ClientEnd& client);
  bool has_twin(const Person& person) const;
  void count_ack() { ++acks_; }
  void note(std::initializer_list<std::string_view> parts) { trace_.add(scheduler_.now(), parts); }

 private:
  void play();
  bool goes_on() const;
  void start_process();
  void strike_later(Fault fault);
  void strike(Fault fault);
  void strike_network(Fault fault);
  void strike_process(Fault fault);
  void strike_disk(Fault fault);
  void end_process(bool clients_are_told);
  void heal();
  void wait_until_settled();
  std::string unsettled();

  Plan plan_;
  Faults faults_;
  Scheduler scheduler_;
  Trace trace_;
  Dice dice_;
  std::vector<Dice> fault_dice_;
  std::vector<ot::DocId> docs_;
  server::Limits limits_;
  oplog::CommitQueue::Options commit_options_;
  Ledger ledger_;
  Disk disk_;
  std::uint64_t processes_ = 0;
  std::uint64_t links_ = 0;
  std::uint64_t acks_ = 0;
  bool healed_ = false;
  std::shared_ptr<Process> process_;
  std::vector<std::unique_ptr<Person>> people_;
  std::unique_ptr<Prober> prober_;
  std::vector<std::unique_ptr<Watcher>> watchers_;
};

}  // namespace segue::sim
