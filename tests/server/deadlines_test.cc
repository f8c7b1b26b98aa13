// What a peer may leave undone for only so long, each with a limit that is short.

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <doctest/doctest.h>

#include "ot/builtin_types.h"
#include "server/server.h"

using namespace segue;
using namespace std::chrono_literals;
namespace asio = boost::asio;

namespace {

class TestServer {
 public:
  explicit TestServer(const server::Limits& limits, server::Config config = {}) {
    config.in_memory = true;
    config.port = 0;
    config.threads = 1;
    server_ = std::move(*server::Server::open(config, limits, &ot::find_type));
    thread_ = std::thread([this] { CHECK(server_->run().has_value()); });
  }
  TestServer(const TestServer&) = delete;
  TestServer& operator=(const TestServer&) = delete;
  ~TestServer() {
    server_->stop();
    thread_.join();
  }
  std::uint16_t port() const {
    const std::string url = server_->url();
    return static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1)));
  }

 private:
  std::unique_ptr<server::Server> server_;
  std::thread thread_;
};

class Peer {
 public:
  explicit Peer(const TestServer& server) {
    socket_.connect({asio::ip::address_v4::loopback(), server.port()});
  }

  void upgrade() {
    send(
        "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
    std::string head;
    while (head.find("\r\n\r\n") == std::string::npos) head += read(1);
    REQUIRE(head.find("101") != std::string::npos);
    CHECK(next().find("init") != std::string::npos);
  }
  void send(std::string_view bytes) { asio::write(socket_, asio::buffer(bytes)); }
  // A short text message, or a part of one.
  void say(std::string_view text, bool fin = true) {
    std::string frame{static_cast<char>(fin ? 0x81 : 0x01), static_cast<char>(0x80 | text.size())};
    send(frame + std::string(4, '\0') + std::string(text));
  }
  // The next message; nothing at the close, after which code() is known.
  std::string next() {
    const std::string head = read(2);
    std::size_t size = static_cast<std::uint8_t>(head[1]);
    if (size == 126) size = number(read(2));
    std::string payload = read(size);
    opcode_ = head[0] & 0x0f;
    if (opcode_ != 8) return payload;
    code_ = number(payload.substr(0, 2));
    return "";
  }
  std::size_t code() const { return code_; }
  int opcode() const { return opcode_; }  // of that
  // What the server sends up to the end.
  std::string end() {
    boost::system::error_code error;
    std::string rest;
    asio::read(socket_, asio::dynamic_buffer(rest), error);
    CHECK(error == asio::error::eof);
    return rest;
  }

 private:
  static std::size_t number(std::string_view bytes) {
    return static_cast<std::size_t>(static_cast<std::uint8_t>(bytes[0])) << 8 |
           static_cast<std::uint8_t>(bytes[1]);
  }
  std::string read(std::size_t size) {
    std::string bytes(size, '\0');
    asio::read(socket_, asio::buffer(bytes));
    return bytes;
  }

  asio::io_context io_;
  asio::ip::tcp::socket socket_{io_};
  std::size_t code_ = 0;
  int opcode_ = 0;
};

}  // namespace

TEST_CASE("deadlines: who opens a WebSocket is to say something valid, or is closed with 4011") {
  server::Limits limits;
  limits.first_message_timeout = 100ms;
  const TestServer server(limits);
  Peer proper(server);
  proper.upgrade();
  proper.say(R"({"a":"hs","protocol":1})");
  CHECK(proper.next().find("hs") != std::string::npos);
  Peer silent(server);
  silent.upgrade();
  Peer wrong(server);
  wrong.upgrade();
  wrong.say(R"({"a":"nothing"})");
  CHECK(wrong.next().find("ERR_MESSAGE_BADLY_FORMED") != std::string::npos);
  for (Peer* peer : {&silent, &wrong}) {
    CHECK(peer->next() == "");
    CHECK(peer->code() == 4011);
  }
  proper.say(R"({"a":"pp"})");  // Its time was up first.
  CHECK(proper.next() == R"({"a":"pp"})");
}

TEST_CASE("deadlines: half a message and then nothing is closed with 4010") {
  server::Limits limits;
  limits.stall_timeout = 50ms;
  const TestServer server(limits);
  Peer peer(server);
  peer.upgrade();
  peer.say("{\"a\":", false);
  CHECK(peer.next() == "");
  CHECK(peer.code() == 4010);
}

TEST_CASE("deadlines: a silent peer is sent a ping, and cut if it does not answer") {
  server::Limits limits;
  limits.idle_timeout = 100ms;
  const TestServer server(limits);
  Peer peer(server);
  peer.upgrade();
  peer.say(R"({"a":"pp"})");
  CHECK(peer.next() == R"({"a":"pp"})");
  CHECK(peer.next() == "");
  CHECK(peer.opcode() == 9);
  peer.end();
}

TEST_CASE("deadlines: half a body and then nothing is answered with 408") {
  server::Limits limits;
  limits.http_stall_timeout = 50ms;
  const TestServer server(limits);
  Peer peer(server);
  peer.send(
      "PUT /v1/docs/c/d HTTP/1.1\r\nHost: 127.0.0.1\r\nIf-None-Match: *\r\n"
      "Content-Type: application/json\r\nContent-Length: 10\r\n\r\n{\"a\"");
  CHECK(peer.end().starts_with("HTTP/1.1 408 "));
}

TEST_CASE("deadlines: a connection that asks for nothing more is closed") {
  server::Limits limits;
  limits.http_idle_timeout = 50ms;
  const TestServer server(limits);
  Peer peer(server);
  peer.send("GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
  CHECK(peer.end().starts_with("HTTP/1.1 200 "));
}

TEST_CASE("deadlines: a peer that does not answer a close is cut") {
  server::Limits limits;
  limits.handshake_timeout = 50ms;
  const TestServer server(limits);
  Peer peer(server);
  peer.upgrade();
  peer.say("no JSON");
  CHECK(peer.next() == "");
  CHECK(peer.code() == 1007);
  peer.end();
}

TEST_CASE("deadlines: an unknown peer that is held to numbers is to ask for something") {
  server::Limits limits;
  limits.http_stranger_timeout = 50ms;
  server::Config config;
  config.guarding = server::Guarding::on;
  const TestServer server(limits, config);
  Peer peer(server);
  peer.end();
}
