// The check after every run: nothing was lost, nothing is there twice.
#pragma once

#include <stdexcept>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "ot/ids.h"
#include "server/commands/bench/member.h"

namespace segue::bench {

// A promise of the server's that it has not kept.
struct Broken : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Runs `io` until `done`. Throws std::runtime_error after `limit_s` seconds, naming `what`.
void run_until(boost::asio::io_context& io, const std::function<bool()>& done, double limit_s,
               const std::string& what);

// Reads all ops of a document, and its data. Throws Broken unless versions are dense, each (src,
// seq) is there once and where its author was told, applying the ops gives the data, and every
// member has come to the last version.
void audit(boost::asio::io_context& io, const Address& server, const ot::DocId& doc,
           const std::vector<const Member*>& members);

}  // namespace segue::bench
