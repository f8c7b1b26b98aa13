// What a connection asks of a document's actor. A plain value; it crosses from the connection's
// worker to the document's.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <variant>

#include "ot/ids.h"
#include "ot/json_part.h"
#include "ot/message.h"
#include "ot/projection.h"
#include "server/access/rights.h"
#include "server/client.h"
#include "server/doc_answer.h"

namespace segue::server {

class BulkReply;

// The connection has ended: forget it.
struct Leave {};
// Somebody's presence is to be shown to the client, who has just come.
struct ShowAgain {
  ot::Presence presence;
};

// All leases of the document.
struct ListLeases {};

struct DocRequest {
  std::shared_ptr<Client> client;
  ot::ClientId src;                 // the connection's, at the time of asking
  ot::JsonPart message;             // as received: the reply is matched by it
  std::shared_ptr<BulkReply> bulk;  // set where this is one share of a bulk request
  std::variant<ot::Fetch, ot::Subscribe, ot::Unsubscribe, ot::SnapshotByVersion, ot::SnapshotByTime,
               ot::Submit, ot::PresenceUpdate, ShowAgain, ot::LeaseTake, ot::LeaseRenew,
               ot::LeaseRelease, ListLeases, Leave>
      what;
  std::shared_ptr<const access::Rights> rights{};    // the client's; null where no keys are in use
  const ot::Projection* projection = nullptr;        // what the client sees the document through
  bool refuse_no_op = false;                         // of a Submit: see ot::PendingOp
  bool knows_leases = false;                         // the client is told of them
  std::shared_ptr<const void> lease_mark = nullptr;  // of a lease that comes of it: see Lease
  // Instead of a reply that no client asked for: called on that worker, when what was to be sent
  // has been, or an error stands against it.
  std::function<void()> then = nullptr;
  std::size_t then_worker = 0;
  // Where it is set: called once, on the client's worker, in place of messages.
  OnAnswer answer = {};
  std::int64_t received_us = 0;  // by DocumentHost::clock_us()
};

}  // namespace segue::server
