#include "server/commands/bench/server_stats.h"

#include <stdexcept>
#include <string>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include "clients/reading.h"
#include "ot/json_text.h"

namespace segue::bench {

namespace asio = boost::asio;

server::Live stats_of(const asio::ip::tcp::endpoint& server) {
  asio::io_context io(1);
  asio::ip::tcp::socket socket(io);
  socket.connect(server);
  const std::string request =
      "GET /v1/stats HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";
  asio::write(socket, asio::buffer(request));
  std::string response;
  boost::system::error_code end;
  asio::read(socket, asio::dynamic_buffer(response), end);
  const auto head = response.find("\r\n\r\n");
  const auto stats = ot::parse_json(head == std::string::npos ? "" : response.substr(head + 4));
  server::Live live;
  for (const server::LiveNumber& number : server::live_numbers()) {
    const auto value = client::whole_number(stats ? stats->find(number.name) : nullptr);
    if (!value) {
      throw std::runtime_error("the server does not tell what it holds: " + response);
    }
    live.*number.member = *value;
  }
  return live;
}

}  // namespace segue::bench
