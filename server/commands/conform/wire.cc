#include "server/commands/conform/wire.h"

#include <stdexcept>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/websocket/stream.hpp>

namespace segue::server {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = boost::beast::websocket;

}  // namespace

class Wire::Impl {
 public:
  Impl(const client::Url& url, std::chrono::milliseconds patience) : patience_(patience) {
    const std::string address = url.host + ":" + url.port;
    asio::ip::tcp::resolver resolver(io_);
    beast::error_code error;
    const auto found = resolver.resolve(url.host, url.port, error);
    check(error, address);
    beast::get_lowest_layer(stream_).async_connect(
        found, [&](beast::error_code failed, const auto&) { finish(failed); });
    await(address);
    const std::string host = client::host_header(url);
    stream_.async_handshake(host, url.path, [&](beast::error_code failed) { finish(failed); });
    await(address);
  }

  void send(std::string_view text, Frame frame) {
    if (closed_) return;
    stream_.text(frame == Frame::text);
    stream_.async_write(asio::buffer(text),
                        [&](beast::error_code failed, std::size_t) { finish(failed); });
    if (!wait()) throw std::runtime_error("the server does not read");
  }

  std::optional<std::string> receive() {
    if (closed_) return std::nullopt;
    if (!reading_) {
      reading_ = true;
      stream_.async_read(buffer_, [&](beast::error_code failed, std::size_t) {
        reading_ = false;
        closed_ = failed.failed();
        got_ = true;
      });
    }
    if (!run_until(got_) || closed_) return std::nullopt;
    got_ = false;
    std::string text(static_cast<const char*>(buffer_.data().data()), buffer_.size());
    buffer_.clear();
    return text;
  }

  std::optional<int> close_code() const {
    if (!closed_) return std::nullopt;
    return static_cast<int>(stream_.reason().code);
  }

 private:
  void finish(beast::error_code error) {
    done_ = true;
    error_ = error;
  }

  // Whether what was begun has ended.
  bool wait() {
    done_ = false;
    return run_until(done_);
  }

  void await(const std::string& address) {
    if (!wait()) throw std::runtime_error(address + " does not answer");
    check(error_, address);
  }

  static void check(beast::error_code error, const std::string& address) {
    if (error) throw std::runtime_error("no connection to " + address + ": " + error.message());
  }

  bool run_until(const bool& flag) {
    const auto deadline = std::chrono::steady_clock::now() + patience_;
    io_.restart();
    while (!flag && io_.run_one_until(deadline) > 0) {
    }
    return flag;
  }

  std::chrono::milliseconds patience_;
  asio::io_context io_;
  websocket::stream<beast::tcp_stream> stream_{io_};
  beast::flat_buffer buffer_;
  beast::error_code error_;
  bool done_ = false;
  bool reading_ = false;
  bool got_ = false;
  bool closed_ = false;
};

Wire::Wire(const client::Url& url, std::chrono::milliseconds patience)
    : impl_(std::make_unique<Impl>(url, patience)) {}
Wire::~Wire() = default;
void Wire::send(std::string_view text, Frame frame) { impl_->send(text, frame); }
std::optional<std::string> Wire::receive() { return impl_->receive(); }
std::optional<int> Wire::close_code() const { return impl_->close_code(); }

}  // namespace segue::server
