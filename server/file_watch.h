// FileWatch: says when to look after files that may have changed: now and then, and when a SIGHUP
// asks for it.
//
// Strand: the loop it is given.
#pragma once

#include <functional>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include "server/access/watched_file.h"

namespace segue::server {

class FileWatch {
 public:
  FileWatch(boost::asio::io_context& io, std::function<void(access::Which)> look);

  void start();

 private:
  void look_again_later();
  void look_on_hangup();

  std::function<void(access::Which)> look_;
  boost::asio::steady_timer timer_;
  boost::asio::signal_set hangup_;
};

}  // namespace segue::server
