#include "server/listener.h"

#include <chrono>
#include <exception>
#include <string_view>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>

#include "server/connection.h"
#include "server/http.h"
#include "server/http_gate.h"
#include "server/log.h"

namespace segue::server {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t http_body_bytes_max = 64u << 10;  // nothing here takes a body
constexpr std::chrono::milliseconds accept_pause{50};   // out of descriptors: others must end first

// Answers requests on one socket until it is upgraded, closed or silent for too long.
asio::awaitable<void> serve_http(asio::ip::tcp::socket socket, std::unique_ptr<Visit> visit,
                                 Worker& worker, const OriginPolicy& origins,
                                 ConnectionList& connections) {
  beast::tcp_stream stream(std::move(socket));
  beast::flat_buffer buffer;
  bool keep_alive = true;
  while (keep_alive) {
    http::request_parser<http::string_body> parser;
    parser.header_limit(static_cast<std::uint32_t>(worker.limits().http_header_bytes_max));
    parser.body_limit(http_body_bytes_max);
    stream.expires_after(worker.limits().http_head_timeout);
    const auto [error, size] = co_await http::async_read(stream, buffer, parser, as_result);
    HttpResponse response;
    if (!error) {
      const HttpGate gate(origins, worker.access(), worker.now_s());
      if (is_socket_request(parser.get())) {
        auto admitted = gate.admit(parser.get());
        if (admitted) {
          stream.expires_never();
          serve_connection(stream.release_socket(), parser.release(), std::move(*admitted),
                           std::move(visit), worker, connections);
          co_return;
        }
        response = refuse_access(admitted.error());
      } else {
        response = gate.answer(parser.get());
      }
      response.keep_alive(parser.get().keep_alive());
    } else if (error.category() == http::make_error_code(http::error::bad_method).category() &&
               error != http::error::end_of_stream) {
      response = answer_unreadable(error);
      response.keep_alive(false);
    } else {
      break;
    }
    keep_alive = response.keep_alive();
    const auto [failed, written] = co_await http::async_write(stream, response, as_result);
    if (failed) {
      break;
    }
  }
  beast::error_code ignored;
  stream.socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
}

}  // namespace

Listener::Listener(asio::ip::tcp::acceptor acceptor, OriginPolicy origins, Shared& shared,
                   std::vector<std::unique_ptr<ConnectionList>>& connections)
    : acceptor_(std::move(acceptor)),
      origins_(std::move(origins)),
      shared_(shared),
      connections_(connections) {}

void Listener::start() {
  asio::co_spawn(acceptor_.get_executor(), accept(), [](std::exception_ptr failed) {
    if (failed) {
      log_exception("listener", failed);
    }
  });
}

void Listener::stop() {
  beast::error_code ignored;
  acceptor_.close(ignored);
}

// Whether the connection may stay.
bool Listener::admit(const asio::ip::tcp::socket& socket, std::unique_ptr<Visit>& visit) const {
  beast::error_code gone;
  const auto address = socket.remote_endpoint(gone).address();
  Guard* guard = shared_.guard.get();
  if (gone || guard == nullptr || !guard->concerns(address)) {
    return !gone;
  }
  visit = Visit::begin(*guard, address.to_string(), Shared::steady_ms());
  return visit != nullptr;
}

asio::awaitable<void> Listener::accept() {
  for (std::size_t next = 0; acceptor_.is_open(); next = (next + 1) % shared_.workers.size()) {
    Worker& worker = *shared_.workers[next];
    asio::ip::tcp::socket socket(worker.io());
    const auto [error] = co_await acceptor_.async_accept(socket, as_result);
    if (error == asio::error::operation_aborted) {
      break;
    }
    if (error) {
      log_warning("accept: {}", error.message());
      asio::steady_timer pause(acceptor_.get_executor(), accept_pause);
      co_await pause.async_wait(as_result);
      continue;
    }
    std::unique_ptr<Visit> visit;
    if (!admit(socket, visit)) {
      continue;  // The socket is closed.
    }
    auto task =
        serve_http(std::move(socket), std::move(visit), worker, origins_, *connections_[next]);
    asio::co_spawn(worker.io(), std::move(task), [](std::exception_ptr failed) {
      if (failed) {
        log_exception("http", failed);
      }
    });
  }
}

}  // namespace segue::server
