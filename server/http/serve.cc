#include "server/http/serve.h"

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <sstream>
#include <string_view>
#include <utility>
#include <variant>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/serializer.hpp>
#include <boost/beast/http/write.hpp>

#include "server/connection.h"
#include "server/http.h"
#include "server/http/dispatch.h"
#include "server/http/head.h"
#include "server/http/stream.h"
#include "server/http_gate.h"

namespace segue::server {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using Clock = std::chrono::steady_clock;
using Parser = http::request_parser<http::string_body>;

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t read_bytes = 4u << 10;
constexpr std::size_t lingering_bytes_max = 64u << 20;
constexpr std::chrono::seconds lingering_max{5};
constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";

class HttpConnection {
 public:
  HttpConnection(Socket socket, std::unique_ptr<Visit> visit, Worker& worker,
                 const OriginPolicy& origins, ConnectionList& connections)
      : socket_(std::move(socket)),
        visit_(std::move(visit)),
        worker_(worker),
        origins_(origins),
        connections_(connections) {}

  asio::awaitable<void> run();

 private:
  enum class Next { request, end };

  // False: the peer does not speak TLS, or too slowly.
  asio::awaitable<bool> greet();
  // Nothing: the peer has gone, or was silent.
  asio::awaitable<std::optional<HeadFault>> read_head();
  asio::awaitable<bool> wait_for_request();
  asio::awaitable<Next> serve_request();
  asio::awaitable<Next> serve_routed(Parser& parser, Routed routed);
  asio::awaitable<Next> serve_stream(Routed routed, bool keep_alive);
  // Its error where it did not come in time, is too large or not well-formed.
  asio::awaitable<beast::error_code> read_body(Parser& parser);
  asio::awaitable<Next> write(HttpResponse response, bool keep_alive);
  // False: the peer has gone, or takes nothing.
  asio::awaitable<bool> write_all(HttpResponse response);
  asio::awaitable<Next> refuse_and_close(Problem problem);
  asio::awaitable<void> linger();
  // Reads into the buffer, or into the parser. At the deadline: timed_out.
  asio::awaitable<beast::error_code> read_some(Clock::time_point latest, Parser* parser);
  std::string_view received() const {
    return {static_cast<const char*>(buffer_.data().data()), buffer_.size()};
  }

  Socket socket_;
  std::unique_ptr<Visit> visit_;  // null where it is not held to limits
  Worker& worker_;
  const OriginPolicy& origins_;
  ConnectionList& connections_;
  beast::flat_buffer buffer_;
};

// Counts a request while it is worked on, and while its answer is written: a server that ends waits
// for both.
class RequestCount {
 public:
  explicit RequestCount(Worker& worker) : open_(worker.requests_open()) { ++open_; }
  RequestCount(const RequestCount&) = delete;
  RequestCount& operator=(const RequestCount&) = delete;
  ~RequestCount() { --open_; }

 private:
  std::atomic<std::size_t>& open_;
};

Problem problem_of_head(HeadFault fault) {
  switch (fault) {
    case HeadFault::target_too_long:
      return {Fault::target_too_long, "Names go in the path, data in the body."};
    case HeadFault::too_many_fields:
      return {Fault::head_too_large, "spec/limits.md has the bounds."};
    case HeadFault::late:
      return {Fault::timeout, "Send the head of a request in one go."};
    case HeadFault::none:
    case HeadFault::malformed:
      break;
  }
  return {Fault::bad_request, "It must be HTTP/1.1 that can be read in one way only."};
}

Problem problem_of_body(const beast::error_code& error) {
  if (error == http::error::body_limit) {
    return {Fault::too_large, "spec/limits.md has the bounds."};
  }
  if (error == asio::error::timed_out) {
    return {Fault::timeout, "The body stopped arriving."};
  }
  return problem_of_head(HeadFault::malformed);
}

Problem shutting_down() {
  return {Fault::try_again,
          "The server is shutting down, and nothing was done. Send the request again."};
}

asio::awaitable<void> HttpConnection::run() {
  const bool greeted = co_await greet();
  Next next = greeted ? Next::request : Next::end;
  while (next == Next::request) {
    next = co_await serve_request();
  }
  if (socket_.is_open()) {
    socket_.shutdown_send();
  }
}

asio::awaitable<bool> HttpConnection::greet() {
  if (!socket_.is_tls()) {
    co_return true;
  }
  const Deadline deadline(socket_, worker_.limits().handshake_timeout);
  const auto [error] = co_await socket_.async_handshake(as_result);
  co_return !error;
}

asio::awaitable<bool> HttpConnection::wait_for_request() {
  const bool is_stranger = visit_ && visit_->is_stranger();
  const auto latest = Clock::now() + (is_stranger ? worker_.limits().http_stranger_timeout
                                                  : worker_.limits().http_idle_timeout);
  const auto error = co_await read_some(latest, nullptr);
  co_return !error;
}

asio::awaitable<beast::error_code> HttpConnection::read_some(Clock::time_point latest,
                                                             Parser* parser) {
  const Deadline deadline(socket_, latest);
  beast::error_code error;
  if (parser != nullptr) {
    const auto [failed, size] =
        co_await http::async_read_some(socket_, buffer_, *parser, as_result);
    error = failed;
  } else {
    auto space = buffer_.prepare(read_bytes);
    const auto [failed, size] = co_await socket_.async_read_some(space, as_result);
    buffer_.commit(size);
    error = failed;
  }
  co_return deadline.has_passed() ? beast::error_code(asio::error::timed_out) : error;
}

asio::awaitable<std::optional<HeadFault>> HttpConnection::read_head() {
  const Limits& limits = worker_.limits();
  std::optional<Clock::time_point> deadline;
  if (buffer_.size() == 0 && buffer_.capacity() > read_bytes) {
    buffer_.shrink_to_fit();  // A connection that waits holds no memory for bodies.
  }
  while (head_length(received()) == 0) {
    if (buffer_.size() >= limits.http_header_bytes_max) {
      co_return HeadFault::too_many_fields;
    }
    if (buffer_.size() == 0) {
      const bool received = co_await wait_for_request();
      if (!received) {
        co_return std::nullopt;
      }
      continue;
    }
    if (!deadline) {
      deadline = Clock::now() + limits.http_head_timeout;
    }
    const auto error = co_await read_some(*deadline, nullptr);
    if (error == asio::error::timed_out) {
      co_return HeadFault::late;
    }
    if (error) {
      co_return std::nullopt;
    }
  }
  const std::string_view head = received().substr(0, head_length(received()));
  if (head.size() > limits.http_header_bytes_max) {
    co_return HeadFault::too_many_fields;
  }
  co_return check_head(head, limits.http_fields_max, limits.http_target_bytes_max);
}

asio::awaitable<HttpConnection::Next> HttpConnection::serve_request() {
  const auto fault = co_await read_head();
  if (!fault) {
    co_return Next::end;
  }
  if (*fault != HeadFault::none) {
    Problem problem = problem_of_head(*fault);
    const auto next = co_await refuse_and_close(std::move(problem));
    co_return next;
  }
  Parser parser;
  parser.header_limit(static_cast<std::uint32_t>(worker_.limits().http_header_bytes_max));
  parser.body_limit(worker_.limits().http_body_bytes_max);
  beast::error_code error;
  buffer_.consume(parser.put(buffer_.data(), error));
  if (error) {
    Problem problem = problem_of_body(error);
    const auto next = co_await refuse_and_close(std::move(problem));
    co_return next;
  }
  const HttpGate gate(origins_, worker_.access(), worker_.now_s());
  if (is_socket_request(parser.get())) {
    auto admitted = gate.admit(parser.get());
    if (admitted) {
      Upgrade upgrade{std::move(socket_), parser.release(), std::move(*admitted),
                      std::move(visit_)};
      serve_connection(std::move(upgrade), worker_, connections_);
      co_return Next::end;
    }
    HttpResponse refused = refuse_access(admitted.error());
    const auto next = co_await write(std::move(refused), false);
    co_return next;
  }
  if (gate.gives_tickets() && is_for(parser.get(), HttpGate::ticket_path)) {
    HttpResponse ticket = gate.answer_ticket(parser.get());
    const bool keep_alive = parser.is_done() && parser.keep_alive();
    const auto next = co_await write(std::move(ticket), keep_alive);
    co_return next;
  }
  auto dispatched = dispatch(worker_, origins_, parser.get());
  if (auto* response = std::get_if<HttpResponse>(&dispatched)) {
    finish_response(parser.get(), *response);
    const bool keep_alive = parser.is_done() && parser.keep_alive();
    const auto next = co_await write(std::move(*response), keep_alive);
    co_return next;
  }
  const auto next = co_await serve_routed(parser, std::get<Routed>(std::move(dispatched)));
  co_return next;
}

asio::awaitable<HttpConnection::Next> HttpConnection::serve_routed(Parser& parser, Routed routed) {
  const auto error = co_await read_body(parser);
  if (error || worker_.draining()) {
    Problem problem = error ? problem_of_body(error) : shutting_down();
    const auto next = co_await refuse_and_close(std::move(problem));
    co_return next;
  }
  if (visit_ && visit_->is_stranger() && routed.exchange.rights != nullptr) {
    visit_->introduce(routed.exchange.rights->author(), Shared::steady_ms());
  }
  if (routed.stream) {
    const auto next = co_await serve_stream(std::move(routed), parser.keep_alive());
    co_return next;
  }
  std::optional<RequestCount> counted;
  if (!routed.route->waits) {
    counted.emplace(worker_);
  }
  HttpResponse response = co_await routed.route->handler(routed.exchange);
  finish_response(parser.get(), response);
  counted.reset();
  const auto next = co_await write(std::move(response), parser.keep_alive());
  co_return next;
}

// `keep_alive`: for a refusal; a stream ends with its connection.
asio::awaitable<HttpConnection::Next> HttpConnection::serve_stream(Routed routed, bool keep_alive) {
  auto start = co_await start_stream(routed.exchange);
  HttpResponse response;
  if (!start) {
    response = respond(start.error());
    finish_response(routed.exchange.request, response);
    const auto next = co_await write(std::move(response), keep_alive);
    co_return next;
  }
  response.set(http::field::content_type, "text/event-stream");
  response.set(http::field::cache_control, "no-store");
  response.set("X-Accel-Buffering", "no");
  response.set("X-Content-Type-Options", "nosniff");
  finish_response(routed.exchange.request, response);
  const bool head_only = routed.exchange.request.method() == http::verb::head;
  if (head_only) {
    const auto next = co_await write(std::move(response), false);
    co_return next;
  }
  worker_.metrics().responses.at(response.result_int()).add();
  response.keep_alive(false);
  std::ostringstream head;
  head << response.base();
  co_await run_stream(socket_, routed.exchange, head.str(), std::move(*start));
  co_return Next::end;
}

asio::awaitable<beast::error_code> HttpConnection::read_body(Parser& parser) {
  const Limits& limits = worker_.limits();
  const auto latest = Clock::now() + limits.http_body_timeout;
  if (!parser.is_done() && parser.get()[http::field::expect] == "100-continue") {
    const Deadline deadline(socket_, limits.http_stall_timeout);
    const auto promise = asio::buffer(go_on);
    const auto [failed, written] = co_await asio::async_write(socket_, promise, as_result);
    if (failed) {
      co_return failed;
    }
  }
  parser.eager(true);
  while (!parser.is_done()) {
    const auto next = std::min(latest, Clock::now() + limits.http_stall_timeout);
    const auto error = co_await read_some(next, &parser);
    if (error) {
      co_return error;
    }
  }
  co_return beast::error_code();
}

asio::awaitable<HttpConnection::Next> HttpConnection::write(HttpResponse response,
                                                            bool keep_alive) {
  keep_alive = keep_alive && !worker_.draining();
  response.keep_alive(keep_alive);
  const bool written = co_await write_all(std::move(response));
  if (!written) {
    co_return Next::end;
  }
  if (!keep_alive) {
    co_await linger();
    co_return Next::end;
  }
  co_return Next::request;
}

asio::awaitable<bool> HttpConnection::write_all(HttpResponse response) {
  const RequestCount counted(worker_);
  worker_.metrics().responses.at(response.result_int()).add();
  http::response_serializer<http::string_body> serializer(response);
  while (!serializer.is_done()) {
    const Deadline deadline(socket_, worker_.limits().http_stall_timeout);
    const auto [error, size] = co_await http::async_write_some(socket_, serializer, as_result);
    if (error) {
      co_return false;
    }
  }
  co_return true;
}

asio::awaitable<HttpConnection::Next> HttpConnection::refuse_and_close(Problem problem) {
  HttpResponse response = respond(problem);
  const auto next = co_await write(std::move(response), false);
  co_return next;
}

// Lets the peer read the answer before it hears that nobody reads what it still sends.
asio::awaitable<void> HttpConnection::linger() {
  socket_.shutdown_send();
  const auto latest = Clock::now() + lingering_max;
  buffer_.clear();
  for (std::size_t taken = 0; taken < lingering_bytes_max;) {
    auto space = buffer_.prepare(read_bytes * 16);
    const Deadline deadline(socket_, latest);
    const auto [error, size] = co_await socket_.async_read_some(space, as_result);
    if (error) {
      break;
    }
    taken += size;
  }
}

}  // namespace

asio::awaitable<void> serve_http(Socket socket, std::unique_ptr<Visit> visit, Worker& worker,
                                 const OriginPolicy& origins, ConnectionList& connections) {
  HttpConnection connection(std::move(socket), std::move(visit), worker, origins, connections);
  co_await connection.run();
}

}  // namespace segue::server
