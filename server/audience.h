// Audience: the subscribers of one document, grouped by the worker their connections live on, so
// that a broadcast crosses to each worker once.
//
// Strand: the document's. The lists it hands out are immutable and may be read on any thread.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "ot/ids.h"
#include "server/client.h"

namespace segue::server {

struct Subscriber {
  std::shared_ptr<Client> client;
  ot::ClientId src;  // its own ops are not sent back to it
  ot::Version from;  // ops before it have reached the client in another way
};
using SubscriberList = std::vector<Subscriber>;

class Audience {
 public:
  // Replaces an earlier subscription of the same client.
  void add(Subscriber subscriber);
  void remove(const Client* client);
  bool empty() const { return subscribers_.empty(); }

  // The version from which the client has been getting every op.
  std::optional<ot::Version> subscribed_from(const Client* client) const;

  // The subscribers by worker; null where a worker has none.
  const std::vector<std::shared_ptr<const SubscriberList>>& by_worker(std::size_t workers);
  template <class Visit>
  void for_each(Visit&& visit) const {
    for (const auto& [client, subscriber] : subscribers_) {
      visit(subscriber);
    }
  }

 private:
  std::unordered_map<const Client*, Subscriber> subscribers_;
  std::vector<std::shared_ptr<const SubscriberList>> by_worker_;  // built when next asked for
};

}  // namespace segue::server
