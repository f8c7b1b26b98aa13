// Event streams (text/event-stream): the ops of a topic as they are committed, from a position on.
//
// Strand: the exchange's worker.
#pragma once

#include <cstdint>
#include <string>

#include <boost/asio/awaitable.hpp>

#include "server/http/exchange.h"
#include "server/news.h"
#include "server/socket.h"

namespace segue::server {

// Where a stream begins.
struct StreamStart {
  NewsTopic topic;
  std::uint64_t position = 0;
  std::string first = {};  // an event that comes before all
};

// From Last-Event-ID, or else the query, or else now. Errors: bad_header, bad_parameter (a position
// that nothing has reached), those of the document or the log.
boost::asio::awaitable<Answer<StreamStart>> start_stream(Exchange& exchange);

// Writes `head` and then events until the reader is gone or takes nothing for too long.
// Writes no more once it is no longer allowed.
boost::asio::awaitable<void> run_stream(Socket& socket, const Exchange& exchange, std::string head,
                                        StreamStart start);

}  // namespace segue::server
