#include "server/commands/bench/peer.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <stdexcept>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

#include "clients/cpp/url.h"

namespace segue::bench {

namespace {

namespace asio = boost::asio;

constexpr unsigned opcode_text = 1;
constexpr unsigned opcode_close = 8;
constexpr std::string_view close_normal = "\x03\xe8";  // 1000
constexpr unsigned opcode_ping = 9;
constexpr unsigned opcode_pong = 10;
constexpr unsigned fin = 0x80;
constexpr unsigned masked = 0x80;
constexpr std::size_t buffer_bytes = 16u << 10;
constexpr std::size_t head_bytes_max = 8u << 10;

struct Frame {
  unsigned opcode = 0;
  std::size_t header = 0;
  std::size_t payload = 0;
};

std::size_t big_endian(std::string_view bytes) {
  std::size_t value = 0;
  for (const char byte : bytes) {
    value = value << 8 | static_cast<unsigned char>(byte);
  }
  return value;
}

// Reads the header of a frame from a server; none while it is not there as a whole.
std::optional<Frame> frame_header(std::string_view bytes) {
  if (bytes.size() < 2) {
    return std::nullopt;
  }
  const unsigned first = static_cast<unsigned char>(bytes[0]);
  if ((first & fin) == 0) {
    throw std::runtime_error("the server sent a message in fragments");
  }
  Frame frame{first & 0xfu, 2, static_cast<unsigned char>(bytes[1])};
  const std::size_t extra = frame.payload == 126 ? 2 : frame.payload == 127 ? 8 : 0;
  frame.header += extra;
  if (bytes.size() < frame.header) {
    return std::nullopt;
  }
  if (extra > 0) {
    frame.payload = big_endian(bytes.substr(2, extra));
  }
  return frame;
}

}  // namespace

Address resolve(const std::string& url, std::string token) {
  const auto parsed = client::parse_url(url);
  if (!parsed) {
    throw std::runtime_error(parsed.error().detail);
  }
  asio::io_context io;
  asio::ip::tcp::resolver resolver(io);
  return {*resolver.resolve(parsed->host, parsed->port).begin(), std::move(token)};
}

Peer::Peer(asio::io_context& io, const Address& server, OnMessage on_message, int receive_buffer)
    : socket_(io), on_message_(std::move(on_message)), buffer_(buffer_bytes) {
  socket_.open(server.endpoint.protocol());
  if (receive_buffer > 0) {
    socket_.set_option(asio::socket_base::receive_buffer_size(receive_buffer));
  }
  socket_.connect(server.endpoint);
  socket_.set_option(asio::ip::tcp::no_delay(true));
  upgrade(server.token);
  asio::post(io, [this, alive = std::weak_ptr(alive_)] {
    if (!alive.expired()) {
      on_read(0);
    }
  });
}

template <class Done>
auto Peer::guarded(const char* what, Done done) {
  return [this, alive = std::weak_ptr(alive_), what, done](boost::system::error_code error,
                                                           std::size_t bytes) {
    if (alive.expired() || ended_) {
      return;
    }
    if (error) {
      return end(what + error.message(), 0);
    }
    done(bytes);
  };
}

void Peer::end(const std::string& what, unsigned close_code) {
  if (!on_end_) {
    throw std::runtime_error(what);
  }
  ended_ = true;
  boost::system::error_code ignored;
  socket_.close(ignored);
  on_end_(close_code);
}

void Peer::thaw() {
  frozen_ = false;
  if (!reading_ && !ended_) {
    on_read(0);
  }
}

void Peer::leave() {
  queue(opcode_close, close_normal);
  on_end_ = [](unsigned) {};
  on_message_ = [](std::string_view) {};
}

void Peer::drop() {
  ended_ = true;
  boost::system::error_code ignored;
  socket_.set_option(asio::socket_base::linger(true, 0), ignored);
  socket_.close(ignored);
}

void Peer::upgrade(const std::string& token) {
  const std::string request =
      "GET / HTTP/1.1\r\nHost: bench\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: c2VndWUgYmVuY2htYXJrcw==\r\n" +
      (token.empty() ? "" : "Authorization: Bearer " + token + "\r\n") + "\r\n";
  asio::write(socket_, asio::buffer(request));
  std::string response;
  const std::size_t head =
      asio::read_until(socket_, asio::dynamic_buffer(response, head_bytes_max), "\r\n\r\n");
  if (response.rfind("HTTP/1.1 101", 0) != 0) {
    throw std::runtime_error("the server answers: " + response.substr(0, response.find('\r')));
  }
  filled_ = response.size() - head;
  std::memcpy(buffer_.data(), response.data() + head, filled_);
}

void Peer::send(std::string_view message) { queue(opcode_text, message); }

void Peer::queue(unsigned opcode, std::string_view payload) {
  if (ended_) {
    return;
  }
  queued_ += static_cast<char>(fin | opcode);
  int length_bytes = 0;
  if (payload.size() < 126) {
    queued_ += static_cast<char>(masked | payload.size());
  } else if (payload.size() < 65'536) {
    queued_ += static_cast<char>(masked | 126);
    length_bytes = 2;
  } else {
    queued_ += static_cast<char>(masked | 127);
    length_bytes = 8;
  }
  for (int shift = 8 * (length_bytes - 1); shift >= 0; shift -= 8) {
    queued_ += static_cast<char>(payload.size() >> shift);
  }
  queued_.append(4, '\0');  // A mask of zeros costs the server as much as any, and us nothing.
  queued_ += payload;
  if (writing_.empty()) {
    write();
  }
}

void Peer::write() {
  std::swap(writing_, queued_);
  asio::async_write(socket_, asio::buffer(writing_),
                    guarded("writing to the server: ", [this](std::size_t) {
                      writing_.clear();
                      if (!queued_.empty()) {
                        write();
                      }
                    }));
}

void Peer::read() {
  if (filled_ == buffer_.size()) {
    buffer_.resize(2 * buffer_.size());
  }
  reading_ = true;
  socket_.async_read_some(asio::buffer(buffer_) + filled_,
                          guarded("the server hung up: ", [this](std::size_t bytes) {
                            reading_ = false;
                            on_read(bytes);
                          }));
}

void Peer::on_read(std::size_t bytes) {
  filled_ += bytes;
  std::string_view rest(buffer_.data(), filled_);
  for (auto frame = frame_header(rest);
       !frozen_ && !ended_ && frame && rest.size() >= frame->header + frame->payload;
       frame = frame_header(rest)) {
    on_frame(frame->opcode, rest.substr(frame->header, frame->payload));
    rest.remove_prefix(frame->header + frame->payload);
  }
  filled_ = rest.size();
  std::memmove(buffer_.data(), rest.data(), filled_);
  if (!frozen_ && !ended_) {
    read();
  }
}

void Peer::on_frame(unsigned opcode, std::string_view payload) {
  switch (opcode) {
    case opcode_text:
      return on_message_(payload);
    case opcode_ping:
      return queue(opcode_pong, payload);
    case opcode_close: {
      const std::size_t code = big_endian(payload.substr(0, 2));
      const auto reason = payload.substr(std::min<std::size_t>(2, payload.size()));
      return end(
          "the server closed the connection: " + std::to_string(code) + " " + std::string(reason),
          static_cast<unsigned>(code));
    }
    default:
      throw std::runtime_error("the server sent a frame of kind " + std::to_string(opcode));
  }
}

}  // namespace segue::bench
