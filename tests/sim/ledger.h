// Ledger: what is on the simulated disk, and the judge of everything that claims to show it.
//
// It sees each op as it becomes durable, and replays it by itself; everything a server sends and
// every client's copy is compared with that. A difference is a Violation that names the invariant
// (S1 to S12) and the guarantee (G1 to G19) it breaks.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "oplog/op_log.h"
#include "ot/document.h"
#include "ot/ids.h"
#include "ot/json.h"

namespace segue::sim {

class Ledger {
 public:
  // An append is about to be made by the server, or was made. All entries or none.
  void before_append(std::span<const oplog::Entry> entries) const;
  void appended(std::span<const oplog::Entry> entries);

  void check_checkpoint(const oplog::Checkpoint& checkpoint) const;

  ot::Version head(const ot::DocId& doc) const;
  // REQUIRES: version <= head.
  const ot::Snapshot& state(const ot::DocId& doc, ot::Version version) const;
  const oplog::Entry& entry(const ot::DocId& doc, ot::Version version) const;

  // A message is about to leave the server.
  void check_outgoing(std::string_view text) const;
  // A client's copy, with nothing of its own in it.
  void check_copy(std::string_view who, const ot::DocId& doc, const ot::Snapshot& copy) const;
  // A client was told that its op, with these tokens, is committed.
  struct Promise {
    ot::DocId doc;
    ot::Version version;
    ot::ClientId src;
    ot::Seq seq;
  };
  void check_promise(const Promise& promise, std::span<const std::string> tokens) const;

 private:
  struct Document {
    std::vector<oplog::Entry> entries;
    std::vector<std::string> messages;  // as broadcast
    std::vector<ot::Snapshot> states;   // one more than entries
    std::map<std::pair<std::string, std::uint64_t>, ot::Version> names;
  };

  const Document& document(const ot::DocId& doc) const;
  void check_op(const ot::Json& message, std::string_view text) const;
  void check_results(const ot::Json& message) const;
  void check_snapshot(const ot::DocId& doc, const ot::Json& snapshot) const;
  void check_past_snapshot(const ot::Json& message) const;
  void check_error(const ot::Json& message) const;
  void check_intent(const oplog::Entry& entry, const ot::Json& before);

  std::map<ot::DocId, Document> documents_;
  std::set<std::pair<ot::DocId, std::string>> tokens_;  // inserted so far
};

}  // namespace segue::sim
