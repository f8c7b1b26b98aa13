// bare_server: a WebSocket server of Beast alone, one thread, one write for each message. Sends
// "e..." back to whoever sent it, and "b..." to all. What `segue bench limits` measures, to compare
// Segue with.

#include <cstdio>
#include <deque>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = boost::beast::websocket;

class Connection;
using Connections = std::set<std::shared_ptr<Connection>>;

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(asio::ip::tcp::socket socket, Connections& all)
      : stream_(std::move(socket)), all_(all) {}

  void start() {
    stream_.next_layer().set_option(asio::ip::tcp::no_delay(true));
    stream_.text(true);
    stream_.async_accept([self = shared_from_this()](beast::error_code error) {
      if (!error) {
        self->all_.insert(self);
        self->read();
      }
    });
  }

 private:
  void read() {
    stream_.async_read(buffer_, [self = shared_from_this()](beast::error_code error, std::size_t) {
      if (error) {
        self->all_.erase(self);
        return;
      }
      self->answer(
          std::make_shared<const std::string>(beast::buffers_to_string(self->buffer_.data())));
      self->buffer_.clear();
      self->read();
    });
  }

  void answer(const std::shared_ptr<const std::string>& message) {
    if (message->front() != 'b') {
      return send(message);
    }
    for (const auto& connection : all_) {
      connection->send(message);
    }
  }

  void send(std::shared_ptr<const std::string> message) {
    queue_.push_back(std::move(message));
    if (queue_.size() == 1) {
      write();
    }
  }

  void write() {
    stream_.async_write(asio::buffer(*queue_.front()),
                        [self = shared_from_this()](beast::error_code error, std::size_t) {
                          self->queue_.pop_front();
                          if (!error && !self->queue_.empty()) {
                            self->write();
                          }
                        });
  }

  websocket::stream<asio::ip::tcp::socket, false> stream_;
  Connections& all_;
  beast::flat_buffer buffer_;
  std::deque<std::shared_ptr<const std::string>> queue_;
};

void accept(asio::ip::tcp::acceptor& acceptor, Connections& all) {
  acceptor.async_accept([&](beast::error_code error, asio::ip::tcp::socket socket) {
    if (!error) {
      std::make_shared<Connection>(std::move(socket), all)->start();
      accept(acceptor, all);
    }
  });
}

}  // namespace

int main() {
  asio::io_context io{1};
  Connections all;
  asio::ip::tcp::acceptor acceptor(io, {asio::ip::address_v4::loopback(), 0});
  std::printf("listening on ws://127.0.0.1:%u\n", unsigned{acceptor.local_endpoint().port()});
  std::fflush(stdout);
  accept(acceptor, all);
  io.run();
}
