// Member: somebody who has a document open, as the load generator plays it. Follows the document's
// version, and that no op is left out, without its data: its own ops are such that they apply at
// any version, so nothing has to be transformed.
//
// Thread: that of its io_context. The connection's errors, and those that the server replies, are
// thrown out of io_context::run().
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "ot/ids.h"
#include "server/commands/bench/peer.h"

namespace segue::bench {

class Member {
 public:
  Member(boost::asio::io_context& io, const Address& server, ot::DocId doc, int receive_buffer = 0);

  // True once the server has said who this is.
  bool connected() const { return !src_.empty(); }
  const std::string& src() const { return src_; }

  // Opens the document, whose ops before `version` are known. REQUIRES: connected().
  void subscribe(std::uint64_t version);
  bool subscribed() const { return subscribed_; }

  // Sends "op":..., "create":... or "del":true as an op at this member's version, or at `base`.
  // REQUIRES: connected(); no op is in flight.
  void submit(std::string_view body) { submit_at(version_, body); }
  void submit_at(std::uint64_t base, std::string_view body);
  bool in_flight() const { return in_flight_; }
  // Called when an op was acknowledged.
  void on_ack(std::function<void()> callback) { on_ack_ = std::move(callback); }

  // Called with what is about other things than the document.
  void on_other(Peer::OnMessage callback) { on_other_ = std::move(callback); }
  Peer& peer() { return peer_; }

  // The version that this member has seen.
  std::uint64_t version() const { return version_; }
  // How many ops of others have come, each counted once.
  std::uint64_t received() const { return received_; }
  // Where each of its ops was committed, by seq - 1.
  const std::vector<std::uint64_t>& committed() const { return committed_; }

 private:
  void on_message(std::string_view message);
  void on_op(std::string_view message);

  Peer peer_;
  std::string name_;  // "c":...,"d":...
  std::string src_;
  std::string src_field_;  // "src":"..." as it stands in messages
  std::string message_;
  std::uint64_t version_ = 0;
  std::uint64_t received_ = 0;
  bool subscribed_ = false;
  bool in_flight_ = false;
  std::vector<std::uint64_t> committed_;
  std::function<void()> on_ack_ = [] {};
  Peer::OnMessage on_other_ = [](std::string_view) {};
};

}  // namespace segue::bench
