// StreamCheck: the rules of one connection, as its client sees them (S11): each request has one
// answer; those of one document come in order; of a document that is subscribed to every op
// arrives, in order and before the ack of a later one; of others only what was asked for.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "ot/ids.h"
#include "ot/json.h"
#include "tests/sim/ledger.h"

namespace segue::sim {

class StreamCheck {
 public:
  explicit StreamCheck(const Ledger& ledger) : ledger_(ledger) {}

  // REQUIRES: what goes out is a well-formed request.
  void sent(const ot::Json& message);
  void received(const ot::Json& message);

 private:
  using Asked = std::optional<std::uint64_t>;  // from which version on
  struct Stream {
    bool subscribed = false;
    // It was part of a bulk request that failed as a whole: for other documents, perhaps.
    bool perhaps = false;
    // The next op to come; none: it is not certain, so the next one tells.
    std::optional<std::uint64_t> next;
    std::deque<Asked> subscriptions;          // asked for, not answered; also to leave
    std::optional<std::uint64_t> next_asked;  // as next, for the subscription asked for
    bool overlapping = false;                 // several were under way at a time
    std::size_t fetches = 0;                  // not answered
    std::deque<std::uint64_t> ops;            // seqs that were not answered
  };

  void asked(const ot::DocId& doc, Asked from);
  void subscribed(const ot::DocId& doc, const ot::Json* snapshot, bool failed);
  void left(const ot::DocId& doc);
  void answered_bulk(const ot::Json& message);
  void answered_op(const ot::DocId& doc, const ot::Json& message);
  void got_op(const ot::DocId& doc, const ot::Json& message);
  void require_no_gap(const ot::DocId& doc, const Stream& stream, std::uint64_t version,
                      const std::string& before) const;
  bool hidden(const ot::DocId& doc, std::uint64_t version) const;

  const Ledger& ledger_;
  std::string src_;
  std::set<std::pair<std::string, std::uint64_t>> submitted_;  // on this connection
  std::map<ot::DocId, Stream> streams_;
};

}  // namespace segue::sim
