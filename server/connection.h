// Connection: one client's WebSocket, from the accepted upgrade to the last byte.
//
// Strand: its worker's. It keeps itself alive while anything is outstanding; others hold it through
// Client. This header hides Beast: only connection.cc includes its WebSocket.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "ot/ids.h"
#include "server/access/rights.h"
#include "server/client.h"
#include "server/guard.h"
#include "server/http/message.h"
#include "server/socket.h"
#include "server/worker.h"

namespace segue::server {

// The connections of one worker, to end them all.
class ConnectionList;

// A socket whose peer asked for a WebSocket.
struct Upgrade {
  Socket socket;
  HttpRequest request;
  std::shared_ptr<const access::Rights> rights;  // what its token gives; null: no keys are in use
  std::unique_ptr<Visit> visit;                  // null: it is not held to limits
};

// Serves it until it ends. REQUIRES: runs on `worker`, whose loop the socket belongs to.
void serve_connection(Upgrade upgrade, Worker& worker, ConnectionList& connections);

}  // namespace segue::server
