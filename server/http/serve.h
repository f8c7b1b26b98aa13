// One connection from its first byte: greets it where TLS is spoken, answers its HTTP requests, one
// after another, or hands it over as a WebSocket.
//
// Strand: the worker's, whose loop the socket belongs to.
#pragma once

#include <memory>

#include <boost/asio/awaitable.hpp>

#include "server/connection_list.h"
#include "server/guard.h"
#include "server/origin.h"
#include "server/socket.h"
#include "server/worker.h"

namespace segue::server {

// Everything referred to outlives it. Ends when the peer is gone, silent for too long, or upgraded.
// `visit`: null where it is not held to limits.
boost::asio::awaitable<void> serve_http(Socket socket, std::unique_ptr<Visit> visit, Worker& worker,
                                        const OriginPolicy& origins, ConnectionList& connections);

}  // namespace segue::server
