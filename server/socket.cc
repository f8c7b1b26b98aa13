#include "server/socket.h"

#include <algorithm>
#include <array>

namespace segue::server {

namespace {
namespace asio = boost::asio;
constexpr std::size_t pieces_per_write = 64;  // what Asio hands to one system call
}  // namespace

Socket::Socket(Tcp tcp, std::unique_ptr<TlsSession> tls)
    : core_(std::make_shared<Core>(Core{std::move(tcp), std::move(tls)})) {
  Error ignored;
  core_->tcp.non_blocking(true, ignored);
  core_->tcp.set_option(asio::ip::tcp::no_delay(true), ignored);
}

Socket::~Socket() {
  if (core_ != nullptr) {
    close();
  }
}

std::string Socket::address() const {
  Error gone;
  const auto peer = core_->tcp.remote_endpoint(gone);
  return gone ? "" : peer.address().to_string();
}

void Socket::cancel() {
  Error ignored;
  core_->tcp.cancel(ignored);
}

void Socket::shutdown_send() {
  if (is_tls() && is_open()) {
    core_->tls->end();
  }
  Error ignored;
  core_->tcp.shutdown(Tcp::shutdown_send, ignored);
}

void Socket::close() {
  Error ignored;
  core_->tcp.close(ignored);
}

TlsSession::Step Socket::Core::flush() {
  const TlsSession::Step done =
      unsent.empty() ? TlsSession::Step{} : tls->write(unsent.data(), unsent.size());
  if (done.wants == TlsSession::Step::Wants::nothing) {
    unsent.clear();
  }
  return done;
}

std::size_t Socket::write_now(std::span<const std::string_view> pieces, Error& error) {
  if (!is_tls()) {
    std::array<asio::const_buffer, pieces_per_write> buffers;
    const std::size_t count = std::min(pieces.size(), buffers.size());
    std::transform(pieces.begin(), pieces.begin() + static_cast<std::ptrdiff_t>(count),
                   buffers.begin(), [](std::string_view piece) { return asio::buffer(piece); });
    return count == 1 ? core_->tcp.send(asio::buffer(pieces[0]), 0, error)
                      : core_->tcp.send(std::span(buffers).first(count), 0, error);
  }
  if (!is_open()) {
    error = asio::error::bad_descriptor;  // Another connection may have its number by now.
    return 0;
  }
  TlsSession::Step done = core_->flush();
  std::size_t taken = 0;
  if (!has_unsent() && !done.error) {
    for (std::string_view piece : pieces) {
      piece = piece.substr(0, record_bytes_max - taken);
      core_->unsent += piece;
      taken += piece.size();
    }
    done = core_->flush();
  }
  error = done.error;
  if (has_unsent() && taken == 0) {
    error = asio::error::would_block;
  }
  return taken;
}

Deadline::Deadline(Socket& socket, Clock::time_point at)
    : state_(std::make_shared<State>(State{&socket})), timer_(socket.get_executor(), at) {
  timer_.async_wait([state = state_](Socket::Error cancelled) {
    if (!cancelled && state->socket != nullptr) {
      state->has_passed = true;
      state->socket->cancel();
    }
  });
}

void beast_close_socket(Socket& socket) { socket.close(); }

void teardown(boost::beast::role_type role, Socket& socket, boost::system::error_code& error) {
  static_cast<void>(role);
  error = {};
  socket.shutdown_send();
  socket.close();
}

}  // namespace segue::server
