// ServerEnd: the server's side of one link. What server/connection.cc does around Session and
// Outbox, with a Link in place of the socket. Every message is judged by the Ledger as it goes into
// the outbox: from there on it cannot be taken back.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "server/client.h"
#include "server/outbox.h"
#include "server/session.h"
#include "tests/sim/core.h"
#include "tests/sim/link.h"

namespace segue::sim {

class Process;

class ServerEnd final : public server::Client,
                        public server::SessionPort,
                        public std::enable_shared_from_this<ServerEnd> {
 public:
  ServerEnd(Process& process, std::shared_ptr<Link> link, std::size_t worker);

  Process& process() { return *process_; }
  std::uint64_t number() const { return link_->number(); }
  Link& link() { return *link_; }

  // The link's news.
  void start() { session_.start(); }
  void on_message(const std::string& text);
  void on_space();
  void end();

  // Client
  void deliver(const server::Frame& frame) override { session_.on_frame(frame); }
  void begin_catch_up(std::function<void()> callback) override;
  void end_catch_up() override;
  void deliver_piece(const server::Frame& frame) override;
  void deliver_part(const std::shared_ptr<server::BulkReply>& bulk, const std::string& id,
                    const std::string& text) override {
    session_.on_bulk_part(bulk, id, text);
  }
  void when_drained(std::function<void()> callback) override;
  void ignore_input() override { ignoring_ = true; }
  void close(server::CloseReason reason) override;

  // SessionPort
  void send(const server::Frame& frame) override;
  void forward(const ot::DocId& doc, server::DocRequest request) override;
  void forward(server::ChannelRequest request) override;
  void forward(server::QueryRequest request) override;

 private:
  enum class State { open, closing, ended };

  void check(const server::Frame& frame);
  void schedule_write();
  void write();
  void drained();

  std::shared_ptr<Process> process_;
  std::shared_ptr<Link> link_;
  server::Session session_;
  server::Outbox outbox_;
  State state_ = State::open;
  bool ignoring_ = false;
  bool writing_ = false;
  bool close_sent_ = false;
  std::string_view closed_for_;  // a literal
  std::size_t largest_frame_ = 0;
  std::size_t largest_piece_ = 0;
  std::vector<std::function<void()>> when_drained_;
  bool catching_up_ = false;
  std::deque<std::function<void()>> catch_ups_;
};

}  // namespace segue::sim
