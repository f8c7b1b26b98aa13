// Guest: somebody in a room of the soak. A room is a document with a presence channel; a guest
// edits the one, shows a presence in the other, and follows a query about other documents.
//
// Thread: that of its io_context.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "server/commands/bench/member.h"

namespace segue::bench {

// An edit of a room, as a message has it, chosen by `n`; the room keeps its size.
std::string room_edit(std::uint64_t n);

class Guest {
 public:
  struct Place {
    ot::DocId room;
    std::uint64_t version = 0;  // of the room, to begin with
    std::string query;          // as JSON
    std::string queried;        // collection
  };

  Guest(boost::asio::io_context& io, const Address& server, Place place);

  // Asks for everything once the server has greeted.
  void come_in();
  bool is_in() const { return shown_ > 0 && answers_ == 2 && member_.subscribed(); }
  bool is_settled() const { return is_in() && !member_.in_flight() && confirmed_ == shown_; }

  // REQUIRES: is_in().
  void edit(std::uint64_t n);
  void show();

  const Member& member() const { return member_; }
  Peer& peer() { return member_.peer(); }
  const std::string& room() const { return place_.room.id; }
  // The number it has shown last, and those that others show it, by src.
  std::uint64_t shown() const { return shown_; }
  const std::map<std::string, std::uint64_t>& others() const { return others_; }

 private:
  void on_other(std::string_view message);
  void on_presence(std::string_view message);

  Place place_;
  Member member_;
  bool asked_ = false;
  int answers_ = 0;
  std::uint64_t shown_ = 0;
  std::uint64_t confirmed_ = 0;
  std::map<std::string, std::uint64_t> others_;
};

}  // namespace segue::bench
