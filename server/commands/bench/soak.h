// The crowd of the soak: rooms full of guests who come, work and go, many without a goodbye.
//
// Thread: that of its io_context.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <random>
#include <span>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "server/commands/bench/guest.h"

namespace segue::bench {

class SoakCrowd {
 public:
  SoakCrowd(boost::asio::io_context& io, const Address& server, std::size_t guests);

  // Makes the documents, and edits them as guests do until each has had twice as many ops as may be
  // in memory: from then on the server needs no more for them, however long it runs.
  void build();
  // Fills the places that are free.
  void invite();
  // A turn of about 20 ms, in which some work and some go. A guest stays for half a minute.
  void work();
  bool is_settled() const;
  // Each sees of the others in its room what they have shown, and of nobody else anything.
  bool presence_converged() const;
  // The log of every room against what its guests were told. Throws Broken.
  void audit_rooms();

  std::size_t size() const { return guests_.size(); }
  std::size_t rooms() const { return rooms_.size(); }
  // All who ever came, and how they went.
  struct Visits {
    double came = 0;
    double left = 0;
    double reset = 0;
    double frozen = 0;
  };
  const Visits& visits() const { return visits_; }
  double edits() const { return edits_; }

 private:
  // Somebody who edits whatever document.
  struct Author {
    std::unique_ptr<Peer> peer;
    std::uint64_t seq = 0;
  };

  Author author();
  void fill();
  // In turns by each of them; `contents` of a document: what is to be sent to it.
  void send_to_all(std::span<Author> authors, std::size_t ops_per_document,
                   const std::function<std::string(std::size_t document)>& contents);
  void send(Author& author, std::size_t document, const std::string& contents);
  bool is_room(std::size_t document) const { return document < rooms_.size(); }
  std::string create_of(std::size_t document) const;
  std::string edit_of(std::size_t document);
  void move_item();
  void send_away(std::size_t place);
  void forget_gone();
  std::unique_ptr<Guest> guest_for(std::size_t place);
  std::size_t any(std::size_t count) { return random_() % count; }

  boost::asio::io_context& io_;
  Address server_;
  std::vector<std::string> rooms_;
  std::vector<std::uint64_t> versions_;  // of each room, the newest that anybody has seen
  std::size_t items_ = 0;                // documents that the queries are about
  std::vector<std::unique_ptr<Guest>> guests_;
  std::vector<std::unique_ptr<Guest>> leaving_;
  struct Frozen {
    std::unique_ptr<Guest> guest;
    std::uint64_t since = 0;  // turn
  };
  std::deque<Frozen> frozen_;
  Author curator_;          // of the items
  std::uint64_t sent_ = 0;  // by all authors
  std::uint64_t acks_ = 0;
  std::uint64_t turn_ = 0;
  std::mt19937 random_{1};
  Visits visits_;
  double edits_ = 0;
};

}  // namespace segue::bench
