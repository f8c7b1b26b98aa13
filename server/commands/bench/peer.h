// Peer: a WebSocket of the load generator. Cheaper than a general one, so that on a small machine
// the server is measured and not the generator: it knows only what servers of ours send, and hands
// out all messages that one read brought.
//
// One thread, that of its io_context. Errors of the connection are thrown out of io_context::run(),
// unless on_end() says otherwise.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace segue::bench {

// Where a server is, and what it is shown; empty: nothing.
struct Address {
  boost::asio::ip::tcp::endpoint endpoint;
  std::string token;
};

// "http://127.0.0.1:7070" or "ws://..." as an address. Throws std::runtime_error.
Address resolve(const std::string& url, std::string token = {});

class Peer {
 public:
  using OnMessage = std::function<void(std::string_view message)>;
  using OnEnd = std::function<void(unsigned close_code)>;

  // Connects, waits for the upgrade, and from then on calls `on_message` from the io_context.
  // Throws where that fails. `receive_buffer`: the kernel's, in bytes; 0: as large as it likes.
  Peer(boost::asio::io_context& io, const Address& server, OnMessage on_message,
       int receive_buffer = 0);
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;
  ~Peer() = default;

  // Queues a text message.
  void send(std::string_view message);
  // The server may end the connection: called with its close code, 0 where it gave none.
  void on_end(OnEnd callback) { on_end_ = std::move(callback); }

  bool ended() const { return ended_; }

  // Reads nothing any more, so answers no ping either, until thaw().
  void freeze() { frozen_ = true; }
  void thaw();
  // Says goodbye. Nothing that comes afterwards is read.
  void leave();
  // Resets the connection, as a machine does that has lost it.
  void drop();

 private:
  // A handler that does nothing once the peer is gone, and throws an error, named by `what`.
  template <class Done>
  auto guarded(const char* what, Done done);
  void upgrade(const std::string& token);
  void end(const std::string& what, unsigned close_code);
  void read();
  void on_read(std::size_t bytes);
  void on_frame(unsigned opcode, std::string_view payload);
  void queue(unsigned opcode, std::string_view payload);
  void write();

  boost::asio::ip::tcp::socket socket_;
  OnMessage on_message_;
  OnEnd on_end_;
  bool frozen_ = false;
  bool reading_ = false;
  bool ended_ = false;
  std::vector<char> buffer_;
  std::size_t filled_ = 0;
  std::string queued_;
  std::string writing_;
  const std::shared_ptr<char> alive_ = std::make_shared<char>();
};

}  // namespace segue::bench
