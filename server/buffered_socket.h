// BufferedSocket: the layer under a WebSocket stream that writes whatever a connection has waiting
// in one system call. Data frames go straight into its outbox, already framed; what Beast writes
// itself (the upgrade response, pongs, close frames) goes through async_write_some() into the same
// outbox, whole, so that frames never interleave.
//
// Strand: the connection's. Models Beast's AsyncStream.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <boost/asio/async_result.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/compose.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/bind_handler.hpp>
#include <boost/beast/core/role.hpp>

#include "server/compression/unpacker.h"
#include "server/outbox.h"
#include "server/socket.h"

namespace segue::server {

class BufferedSocket {
 public:
  using next_layer_type = Socket;                        // NOLINT: the names Beast looks for
  using executor_type = next_layer_type::executor_type;  // NOLINT

  BufferedSocket(next_layer_type socket, Outbox outbox)
      : socket_(std::move(socket)), outbox_(std::move(outbox)) {}

  // Called whenever the outbox has got something; whoever owns the stream then calls write().
  void on_pending(std::function<void()> callback) { on_pending_ = std::move(callback); }

  // Called before each read of the socket: one of the stream may take many.
  void on_read(std::function<void()> callback) { on_read_ = std::move(callback); }

  // From here on the peer may send packed messages (server/compression/unpacker.h).
  void unpack(int window_bits) { unpacker_ = std::make_unique<Unpacker>(window_bits); }

  // How to wait until the outbox is empty, or never will be.
  void on_drain(std::function<void(std::function<void()>)> wait) {
    wait_drained_ = std::move(wait);
  }

  // Lets what is queued go out, a close frame perhaps, then drops what the peer still sends until
  // it is done, too: a socket closed with bytes unread resets the connection, and the peer would
  // never learn why. Ends by itself after a few seconds. `done` keeps this object alive.
  void linger(std::function<void()> done);

  Outbox& outbox() { return outbox_; }
  const Outbox& outbox() const { return outbox_; }
  next_layer_type& next_layer() { return socket_; }
  const next_layer_type& next_layer() const { return socket_; }
  executor_type get_executor() const { return socket_.get_executor(); }

  template <class Buffers, class Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    on_read_();
    if (unpacker_ == nullptr) {
      return socket_.async_read_some(buffers, std::forward<Token>(token));
    }
    return boost::asio::async_compose<Token, void(boost::system::error_code, std::size_t)>(
        ReadUnpacked<Buffers>{*this, buffers}, token, socket_);
  }

  // Takes all of `buffers` at once; errors of the socket show in reading.
  template <class Buffers, class Token>
  auto async_write_some(const Buffers& buffers, Token&& token) {
    std::string bytes(boost::asio::buffer_size(buffers), '\0');
    boost::asio::buffer_copy(boost::asio::buffer(bytes), buffers);
    const std::size_t size = bytes.size();
    outbox_.push_unbounded(Frame::raw(std::move(bytes)));
    on_pending_();
    return boost::asio::async_initiate<Token, void(boost::system::error_code, std::size_t)>(
        [](auto handler, executor_type executor, std::size_t written) {
          boost::asio::post(executor,
                            boost::beast::bind_front_handler(std::move(handler),
                                                             boost::system::error_code(), written));
        },
        token, get_executor(), size);
  }

 private:
  // Reads until something comes out of the unpacker.
  template <class Buffers>
  struct ReadUnpacked {
    enum class Phase { begins, reads, has_read };

    BufferedSocket& socket;
    Buffers buffers;
    Phase phase = Phase::begins;
    std::size_t count = 0;

    template <class Self>
    void operator()(Self& self, boost::system::error_code error = {}, std::size_t size = 0) {
      if (error || phase == Phase::has_read) {
        return self.complete(error, count);
      }
      if (phase == Phase::reads) {
        socket.unpacker_->received(size);
      }
      count = socket.unpacker_->read(first(buffers));
      if (count > 0 && phase == Phase::reads) {
        return self.complete(error, count);
      }
      if (count > 0) {  // Nothing completes within the call that began it.
        phase = Phase::has_read;
        return boost::asio::post(socket.get_executor(), std::move(self));
      }
      if (std::exchange(phase, Phase::reads) == Phase::reads) {
        socket.on_read_();
      }
      BufferedSocket& from = socket;
      const auto room = from.unpacker_->room();
      from.socket_.async_read_some(boost::asio::buffer(room.data(), room.size()), std::move(self));
    }
  };

  // The first that is not empty.
  template <class Buffers>
  static std::span<char> first(const Buffers& buffers) {
    auto at = boost::asio::buffer_sequence_begin(buffers);
    while (boost::asio::mutable_buffer(*at).size() == 0) {
      ++at;
    }
    const boost::asio::mutable_buffer buffer(*at);
    return {static_cast<char*>(buffer.data()), buffer.size()};
  }

  void discard(std::function<void()> done);

  next_layer_type socket_;
  Outbox outbox_;
  std::unique_ptr<Unpacker> unpacker_;  // null: nothing is packed
  std::function<void()> on_pending_ = [] {};
  std::function<void()> on_read_ = [] {};
  boost::asio::steady_timer linger_timer_{socket_.get_executor()};
  std::vector<char> discarded_;
  std::function<void(std::function<void()>)> wait_drained_ = [](auto callback) { callback(); };
};

// How Beast ends the connection below the WebSocket.
inline void teardown(boost::beast::role_type role, BufferedSocket& stream,
                     boost::system::error_code& error) {
  teardown(role, stream.next_layer(), error);
}
template <class Handler>
void async_teardown(boost::beast::role_type role, BufferedSocket& stream, Handler&& handler) {
  static_cast<void>(role);
  auto shared = std::make_shared<std::decay_t<Handler>>(std::forward<Handler>(handler));
  stream.linger([&stream, shared] {
    boost::asio::post(stream.get_executor(), boost::beast::bind_front_handler(
                                                 std::move(*shared), boost::system::error_code()));
  });
}

}  // namespace segue::server
