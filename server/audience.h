// Audience: the subscribers of one document, grouped by the worker their connections live on, so
// that a broadcast crosses to each worker once.
//
// Strand: the document's. The lists it hands out are immutable and may be read on any thread.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "ot/ids.h"
#include "ot/projection.h"
#include "server/client.h"

namespace segue::server {

struct Subscriber {
  std::shared_ptr<Client> client;
  ot::ClientId src;  // its own ops are not sent back to it
  ot::Version from;  // ops before it have reached the client in another way
  const ot::Projection* projection = nullptr;  // what it sees the document through
  bool knows_leases = false;                   // it is told of them
};
using SubscriberList = std::vector<Subscriber>;

class Audience {
 public:
  // Replaces an earlier subscription of the same client through the same projection.
  void add(Subscriber subscriber);
  void remove(const Client* client, const ot::Projection* projection);
  void remove(const Client* client);
  bool empty() const { return subscribers_.empty(); }
  std::size_t size() const { return subscribers_.size(); }

  // The version from which the client has been getting every op.
  std::optional<ot::Version> subscribed_from(const Client* client,
                                             const ot::Projection* projection) const;

  // The subscribers by worker; null where a worker has none.
  const std::vector<std::shared_ptr<const SubscriberList>>& by_worker(std::size_t workers);
  // All that anybody sees the document through. REQUIRES: by_worker() was called since the last
  // change.
  const std::set<const ot::Projection*>& projections() const { return projections_; }

  template <class Visit>
  void for_each(Visit&& visit) const {
    for (const auto& [key, subscriber] : subscribers_) {
      visit(subscriber);
    }
  }

 private:
  using Key = std::pair<const Client*, const ot::Projection*>;
  std::map<Key, Subscriber> subscribers_;
  std::vector<std::shared_ptr<const SubscriberList>> by_worker_;  // built when next asked for
  std::set<const ot::Projection*> projections_;                   // the same
};

}  // namespace segue::server
