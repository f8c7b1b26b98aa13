// What a server says that it holds.
#pragma once

#include <boost/asio/ip/tcp.hpp>

#include "server/live.h"

namespace segue::bench {

// Asks it over HTTP, and waits for the answer. Throws std::runtime_error where there is none.
server::Live stats_of(const boost::asio::ip::tcp::endpoint& server);

}  // namespace segue::bench
