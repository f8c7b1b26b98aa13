// Socket: one client's connection, plain or under TLS; HTTP and WebSocket are written on it once.
// Models Beast's AsyncStream. Plain bytes go to the TCP socket without a detour.
//
// Strand: the connection's. Moves like a pointer.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/compose.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/role.hpp>

#include "server/tls_session.h"

namespace segue::server {

class Socket {
 public:
  using Tcp = boost::asio::ip::tcp::socket;
  using executor_type = Tcp::executor_type;  // NOLINT(readability-identifier-naming): Beast's name
  using Error = boost::system::error_code;

  // `tls`: null for a plain one.
  explicit Socket(Tcp tcp, std::unique_ptr<TlsSession> tls = nullptr);
  Socket(Socket&&) = default;
  Socket& operator=(Socket&&) = default;
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  // Closes it. Operations that are under way end with an error, as on a TCP socket.
  ~Socket();

  bool is_tls() const { return core_->tls != nullptr; }
  // False: it was moved away, or closed.
  bool is_open() const { return core_ != nullptr && core_->tcp.is_open(); }
  executor_type get_executor() const { return core_->tcp.get_executor(); }
  // The peer's IP address; empty if it has gone.
  std::string address() const;
  void cancel();
  // Tells the peer that nothing more comes.
  void shutdown_send();
  void close();

  // REQUIRES: is_tls().
  template <class Token>
  auto async_handshake(Token&& token) {
    auto step = [core = core_.get()] { return core->tls->shake_hands(); };
    return boost::asio::async_compose<Token, void(Error)>(Steps<decltype(step), void>{core_, step},
                                                          token, core_->tcp);
  }

  template <class Buffers, class Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    if (!is_tls()) {
      return core_->tcp.async_read_some(buffers, std::forward<Token>(token));
    }
    auto step = [core = core_.get(), into = first<boost::asio::mutable_buffer>(buffers)] {
      return into.size() == 0 ? TlsSession::Step{} : core->tls->read(into.data(), into.size());
    };
    return boost::asio::async_compose<Token, void(Error, std::size_t)>(
        Steps<decltype(step), std::size_t>{core_, step}, token, core_->tcp);
  }

  template <class Buffers, class Token>
  auto async_write_some(const Buffers& buffers, Token&& token) {
    if (!is_tls()) {
      return core_->tcp.async_write_some(buffers, std::forward<Token>(token));
    }
    auto step = [core = core_.get(), bytes = stage(buffers)] {
      TlsSession::Step done = core->flush();
      done.bytes = bytes;
      return done;
    };
    return boost::asio::async_compose<Token, void(Error, std::size_t)>(
        Steps<decltype(step), std::size_t>{core_, step}, token, core_->tcp);
  }

  // What can be written now, in one system call; would_block if that is nothing. Under TLS some
  // of what it returns as written may wait here: see has_unsent(). Not together with
  // async_write_some().
  std::size_t write_now(std::span<const std::string_view> pieces, Error& error);
  // Something waits for write_now(), perhaps without pieces.
  bool has_unsent() const { return !core_->unsent.empty(); }

  template <class Token>
  auto async_wait_writable(Token&& token) {
    return core_->tcp.async_wait(Tcp::wait_write, std::forward<Token>(token));
  }

 private:
  static constexpr std::size_t record_bytes_max = 16u << 10;

  // Outlives the socket while an operation under TLS is under way.
  struct Core {
    TlsSession::Step flush();

    Tcp tcp;
    std::unique_ptr<TlsSession> tls;
    std::string unsent{};  // one record at most
  };

  template <class Buffer, class Buffers>
  static Buffer first(const Buffers& buffers) {
    for (auto at = boost::asio::buffer_sequence_begin(buffers);
         at != boost::asio::buffer_sequence_end(buffers); ++at) {
      if (const Buffer buffer(*at); buffer.size() > 0) {
        return buffer;
      }
    }
    return Buffer();
  }

  template <class Buffers>
  std::size_t stage(const Buffers& buffers) {
    const std::size_t bytes = std::min(boost::asio::buffer_size(buffers), record_bytes_max);
    core_->unsent.resize(bytes);
    return boost::asio::buffer_copy(boost::asio::buffer(core_->unsent), buffers);
  }

  // Tries a step until it is done, waiting for what it wants in between.
  template <class Step, class Result>
  struct Steps {
    template <class Self>
    void operator()(Self& self, Error error = {}) {
      if (is_done) {
        return finish(self);
      }
      done = error || !core->tcp.is_open() ? TlsSession::Step{.error = error_of(error)} : step();
      if (done.wants == TlsSession::Step::Wants::nothing || done.error) {
        is_done = true;
        if (has_begun) {
          return finish(self);
        }
        // Who started this is not called back from within.
        return boost::asio::post(core->tcp.get_executor(), std::move(self));
      }
      has_begun = true;
      core->tcp.async_wait(
          done.wants == TlsSession::Step::Wants::readable ? Tcp::wait_read : Tcp::wait_write,
          std::move(self));
    }

    template <class Self>
    void finish(Self& self) {
      if constexpr (std::is_void_v<Result>) {
        self.complete(done.error);
      } else {
        self.complete(done.error, done.error ? 0 : done.bytes);
      }
    }
    static Error error_of(Error error) {
      return error ? error : Error(boost::asio::error::operation_aborted);
    }

    std::shared_ptr<Core> core;
    Step step;
    TlsSession::Step done{};
    bool has_begun = false;
    bool is_done = false;
  };

  std::shared_ptr<Core> core_;
};

// Gives up what a socket is doing when its time has come: the operation ends with an error. Lives
// as long as that operation.
class Deadline {
 public:
  using Clock = std::chrono::steady_clock;

  Deadline(Socket& socket, Clock::time_point at);
  Deadline(Socket& socket, std::chrono::milliseconds after)
      : Deadline(socket, Clock::now() + after) {}
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;
  ~Deadline() { state_->socket = nullptr; }

  bool has_passed() const { return state_->has_passed; }

 private:
  struct State {
    Socket* socket;
    bool has_passed = false;
  };
  std::shared_ptr<State> state_;
  boost::asio::steady_timer timer_;
};

// How Beast ends the connection below a WebSocket: when a peer was silent, and for good.
void beast_close_socket(Socket& socket);
void teardown(boost::beast::role_type role, Socket& socket, boost::system::error_code& error);

}  // namespace segue::server
