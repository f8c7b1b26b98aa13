// ConnectionList: the open connections of one worker.
//
// Strand: the worker's, except size().
#pragma once

#include <atomic>
#include <cstddef>
#include <unordered_set>

#include "server/client.h"

namespace segue::server {

class ConnectionList {
 public:
  void add(Client* client) {
    clients_.insert(client);
    size_ = clients_.size();
  }
  void remove(Client* client) {
    clients_.erase(client);
    size_ = clients_.size();
  }
  // Any thread.
  std::size_t size() const { return size_; }

  template <class Visit>
  void for_each(Visit&& visit) {
    const auto clients = clients_;  // Visiting may remove.
    for (Client* client : clients) {
      visit(*client);
    }
  }

 private:
  std::unordered_set<Client*> clients_;
  std::atomic<std::size_t> size_{0};
};

}  // namespace segue::server
