// Listener: accepts connections on the one port, reads their HTTP requests, answers them or hands
// them over as WebSockets. Connections go to the workers in turn.
//
// Strand: its own loop's; each accepted connection lives on its worker's from the first byte.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "server/connection_list.h"
#include "server/guard.h"
#include "server/origin.h"
#include "server/tls_context.h"
#include "server/worker.h"

namespace segue::server {

class Listener {
 public:
  // Everything referred to outlives the listener. `tls`: null where none is spoken.
  Listener(boost::asio::ip::tcp::acceptor acceptor, OriginPolicy origins, TlsContext* tls,
           Shared& shared, std::vector<std::unique_ptr<ConnectionList>>& connections);

  void start();
  // Accepts no more. On the acceptor's loop.
  void stop();

 private:
  boost::asio::awaitable<void> accept();
  bool admit(const boost::asio::ip::tcp::socket& socket, std::unique_ptr<Visit>& visit) const;

  boost::asio::ip::tcp::acceptor acceptor_;
  OriginPolicy origins_;
  TlsContext* tls_;
  Shared& shared_;
  std::vector<std::unique_ptr<ConnectionList>>& connections_;
};

}  // namespace segue::server
