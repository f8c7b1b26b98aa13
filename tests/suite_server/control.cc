#include "tests/suite_server/control.h"

#include <utility>

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include "ot/json_text.h"

namespace segue::suite {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;

Control::Control(Act act)
    : act_(std::move(act)), acceptor_(io_, {asio::ip::make_address("127.0.0.1"), 0}) {}

std::string Control::url() const {
  return "http://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port());
}

void Control::run() {
  const std::function<void()> accept = [&] {
    acceptor_.async_accept([&](beast::error_code error, tcp::socket socket) {
      if (!error) {
        serve(std::move(socket));
        accept();
      }
    });
  };
  accept();
  io_.run();
}

void Control::stop() { io_.stop(); }

// One request at a time, one for each connection.
void Control::serve(tcp::socket socket) {
  beast::error_code error;
  beast::flat_buffer buffer;
  http::request<http::string_body> request;
  http::read(socket, buffer, request, error);
  if (error) {
    return;
  }
  const auto body = ot::parse_json(request.body());
  const auto target = request.target();
  const auto done =
      body ? act_({target.data(), target.size()}, *body) : ot::Result<void>(ot::fail(body.error()));
  http::response<http::string_body> response(
      done ? http::status::no_content : http::status::bad_request, request.version());
  response.keep_alive(false);
  response.body() = done ? "" : done.error().detail;
  response.prepare_payload();
  http::write(socket, response, error);
  socket.shutdown(tcp::socket::shutdown_send, error);
}

}  // namespace segue::suite
