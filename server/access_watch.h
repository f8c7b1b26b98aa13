// AccessWatch: looks after the files of Access, and tells every connection when they have changed.
//
// Strand: the loop it is given.
#pragma once

#include <memory>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include "server/connection_list.h"
#include "server/worker.h"

namespace segue::server {

class AccessWatch {
 public:
  // What is referred to outlives it. REQUIRES: shared.access.
  AccessWatch(boost::asio::io_context& io, Shared& shared,
              std::vector<std::unique_ptr<ConnectionList>>& connections);

  void start();

 private:
  void look(access::Access::Which which);
  void look_again_later();
  void look_on_hangup();

  Shared& shared_;
  std::vector<std::unique_ptr<ConnectionList>>& connections_;
  boost::asio::steady_timer timer_;
  boost::asio::signal_set hangup_;
};

}  // namespace segue::server
