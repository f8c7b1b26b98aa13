// What a connection asks of a document's actor. A plain value; it crosses from the connection's
// worker to the document's.
#pragma once

#include <memory>
#include <variant>

#include "ot/ids.h"
#include "ot/json.h"
#include "ot/message.h"
#include "server/client.h"
#include "server/doc_answer.h"

namespace segue::server {

class BulkReply;

// The connection has ended: forget it.
struct Leave {};

struct DocRequest {
  std::shared_ptr<Client> client;
  ot::ClientId src;                 // the connection's, at the time of asking
  ot::Json message;                 // as received: the reply is matched by it
  std::shared_ptr<BulkReply> bulk;  // set where this is one share of a bulk request
  std::variant<ot::Fetch, ot::Subscribe, ot::Unsubscribe, ot::SnapshotByVersion, ot::SnapshotByTime,
               ot::Submit, Leave>
      what;
  // Where it is set: called once, on the client's worker, in place of messages.
  OnAnswer answer = {};
};

}  // namespace segue::server
