// bare_http_server: answers every request with 304, by Beast alone and on one thread. What
// `segue bench http` compares Segue's polling with.

#include <cstdio>
#include <memory>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  explicit Connection(asio::ip::tcp::socket socket) : stream_(std::move(socket)) {}

  void read() {
    request_ = {};
    stream_.expires_after(std::chrono::seconds(30));
    http::async_read(stream_, buffer_, request_,
                     [self = shared_from_this()](beast::error_code error, std::size_t) {
                       if (!error) {
                         self->answer();
                       }
                     });
  }

 private:
  void answer() {
    response_ = {http::status::not_modified, request_.version()};
    response_.set(http::field::etag, "\"1\"");
    response_.keep_alive(request_.keep_alive());
    http::async_write(stream_, response_,
                      [self = shared_from_this()](beast::error_code error, std::size_t) {
                        if (!error) {
                          self->read();
                        }
                      });
  }

  beast::tcp_stream stream_;
  beast::flat_buffer buffer_;
  http::request<http::empty_body> request_;
  http::response<http::empty_body> response_;
};

void accept(asio::ip::tcp::acceptor& acceptor) {
  acceptor.async_accept([&](beast::error_code error, asio::ip::tcp::socket socket) {
    if (!error) {
      std::make_shared<Connection>(std::move(socket))->read();
      accept(acceptor);
    }
  });
}

}  // namespace

int main() {
  asio::io_context io{1};
  asio::ip::tcp::acceptor acceptor(io, {asio::ip::address_v4::loopback(), 0});
  std::printf("listening on http://127.0.0.1:%u\n", unsigned{acceptor.local_endpoint().port()});
  std::fflush(stdout);
  accept(acceptor);
  io.run();
}
