#include "server/listener.h"

#include <chrono>
#include <exception>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "server/http/serve.h"
#include "server/log.h"

namespace segue::server {

namespace {

namespace asio = boost::asio;

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);
constexpr std::chrono::milliseconds accept_pause{50};  // out of descriptors: others must end first

}  // namespace

Listener::Listener(asio::ip::tcp::acceptor acceptor, OriginPolicy origins, TlsContext* tls,
                   Shared& shared, std::vector<std::unique_ptr<ConnectionList>>& connections)
    : acceptor_(std::move(acceptor)),
      origins_(std::move(origins)),
      tls_(tls),
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
  boost::system::error_code ignored;
  acceptor_.close(ignored);
}

// Whether the connection may stay.
bool Listener::admit(const asio::ip::tcp::socket& socket, std::unique_ptr<Visit>& visit) const {
  boost::system::error_code gone;
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
    auto session = tls_ == nullptr ? nullptr : tls_->new_session(socket.native_handle());
    Socket client(std::move(socket), std::move(session));
    auto task =
        serve_http(std::move(client), std::move(visit), worker, origins_, *connections_[next]);
    asio::co_spawn(worker.io(), std::move(task), [](std::exception_ptr failed) {
      if (failed) {
        log_exception("http", failed);
      }
    });
  }
}

}  // namespace segue::server
