// Link: one connection over a network that delays, breaks and lies. TCP's order within each
// direction is kept; nothing else is.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "tests/sim/core.h"
#include "tests/sim/faults.h"
#include "tests/sim/frames.h"

namespace segue::sim {

class Process;
class ServerEnd;
class World;

// The client's end. Outlives its links, or leaves them first.
class ClientEnd {
 public:
  ClientEnd() = default;
  ClientEnd(const ClientEnd&) = delete;
  ClientEnd& operator=(const ClientEnd&) = delete;
  virtual ~ClientEnd() = default;

  virtual void on_message(const std::string& text) = 0;
  // The connection is no more, and this is the last that is heard of it.
  virtual void on_closed() = 0;
};

class Link : public std::enable_shared_from_this<Link> {
 public:
  // `client` outlives the link or leaves it.
  Link(World& world, std::uint64_t number, ClientEnd& client);

  std::uint64_t number() const { return number_; }
  Dice& dice() { return dice_; }

  // The client's calls.
  void open();
  void send(std::string text);
  // The client goes; the server hears of it after all that was sent, or much later.
  void leave(bool unnoticed);

  // The server's calls.
  void accepted_by(const std::shared_ptr<ServerEnd>& server);
  // Takes as much as the window allows, and says how much.
  std::size_t write(std::string_view bytes);
  void close_after_what_was_written();
  // The server's process has ended. Its machine tells the client, or not.
  void server_gone(bool client_is_told);

  // What the world does.
  void reset();
  void make_deaf();
  void heal();  // slow no more

 private:
  Time latency();
  void at_server(std::function<void(ServerEnd&)> what);
  void arrive(const std::string& bytes);
  void end_client();
  void end_server(Time delay);

  World& world_;
  std::uint64_t number_;
  Dice dice_;
  ClientEnd* client_;
  std::weak_ptr<Process> process_;
  std::weak_ptr<ServerEnd> server_;
  Lane up_;
  Lane down_;
  bool deaf_ = false;
  bool slow_network_ = false;
  bool slow_reader_ = false;
  std::size_t window_;
  std::size_t unread_ = 0;
  FrameReader reader_;
};

}  // namespace segue::sim
