// Client: a connection as documents see it.
//
// Strand: all members but worker() and has_ended() belong to the worker the connection lives on; a
// document reaches them by DocumentHost::post(client->worker(), ...), which keeps the order of what
// one document sends.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "server/close_code.h"
#include "server/frame.h"

namespace segue::server {

class BulkReply;

// Of a connection, for operators.
struct ConnectionInfo {
  std::string src;
  std::string author;
  std::string address;
  std::int64_t since_ms = 0;  // since the epoch
  std::size_t subscriptions = 0;
  std::size_t outbox_bytes = 0;
};

class Client {
 public:
  explicit Client(std::size_t worker) : worker_(worker) {}
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  virtual ~Client() = default;

  std::size_t worker() const { return worker_; }
  // Any thread. The connection is gone, and nothing reaches it any more. It is so before anybody is
  // told by a Leave.
  bool has_ended() const { return ended_; }

  // A reply or a broadcast. Closes the connection if its outbox is full.
  virtual void deliver(const Frame& frame) = 0;
  // Long catch-ups go out in pieces, one catch-up at a time and one piece at a time, so that they
  // need no bound. begin_catch_up() calls back when it is the caller's turn; it then delivers
  // pieces, each after when_drained(), and calls end_catch_up(). Once the connection has ended all
  // of these call back at once.
  virtual void begin_catch_up(std::function<void()> callback) = 0;
  virtual void end_catch_up() = 0;
  virtual void deliver_piece(const Frame& frame) = 0;
  // Calls back once nothing waits for the socket.
  virtual void when_drained(std::function<void()> callback) = 0;
  // One document's share of the reply to a bulk request.
  virtual void deliver_part(const std::shared_ptr<BulkReply>& bulk, const std::string& id,
                            const std::string& text) = 0;
  // Reads on, but acts on nothing any more: the server is about to close.
  virtual void ignore_input() = 0;
  // Bytes that wait for the socket.
  virtual std::size_t waiting_bytes() const { return 0; }
  virtual ConnectionInfo describe() const { return {}; }
  // The keys, rules or revocations in force have changed.
  virtual void access_changed() {}
  virtual void close(CloseReason reason) = 0;

 protected:
  void set_ended() { ended_ = true; }

 private:
  std::size_t worker_;
  std::atomic<bool> ended_{false};
};

}  // namespace segue::server
