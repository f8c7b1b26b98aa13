// Control: a port at which a test tells the servers what its backend would have been told.
//
//   POST /projections {name, collection, fields: {a: true}}   a projection more
//   POST /options {suppressPublish}                           commit without telling anybody, or
//   not
#pragma once

#include <functional>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "ot/json.h"
#include "ot/result.h"

namespace segue::suite {

class Control {
 public:
  // `act` does what is asked at a path. One thread calls it, that of run().
  using Act = std::function<ot::Result<void>(std::string_view path, const ot::Json& body)>;
  explicit Control(Act act);

  std::string url() const;
  // Until stop(), which any thread may call.
  void run();
  void stop();

 private:
  void serve(boost::asio::ip::tcp::socket socket);

  Act act_;
  boost::asio::io_context io_{1};
  boost::asio::ip::tcp::acceptor acceptor_;
};

}  // namespace segue::suite
