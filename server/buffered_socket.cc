#include "server/buffered_socket.h"

#include <chrono>

namespace segue::server {

namespace {
constexpr std::chrono::seconds linger_max{5};
constexpr std::size_t discarded_bytes = 16'384;
}  // namespace

void BufferedSocket::linger(std::function<void()> done) {
  discarded_.resize(discarded_bytes);
  linger_timer_.expires_after(linger_max);
  linger_timer_.async_wait([this, done](boost::system::error_code cancelled) {
    if (!cancelled) {
      socket_.close();
    }
  });
  wait_drained_([this, done = std::move(done)] {
    socket_.shutdown_send();
    discard(done);
  });
}

void BufferedSocket::discard(std::function<void()> done) {
  socket_.async_read_some(
      boost::asio::buffer(discarded_),
      [this, done = std::move(done)](boost::system::error_code error, std::size_t) {
        if (!error) {
          return discard(done);
        }
        linger_timer_.cancel();
        done();
      });
}

}  // namespace segue::server
