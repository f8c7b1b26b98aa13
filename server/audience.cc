#include "server/audience.h"

#include <utility>

namespace segue::server {

void Audience::add(Subscriber subscriber) {
  by_worker_.clear();
  const Client* client = subscriber.client.get();
  subscribers_.insert_or_assign(client, std::move(subscriber));
}

void Audience::remove(const Client* client) {
  by_worker_.clear();
  subscribers_.erase(client);
}

std::optional<ot::Version> Audience::subscribed_from(const Client* client) const {
  const auto found = subscribers_.find(client);
  return found == subscribers_.end() ? std::nullopt : std::optional(found->second.from);
}

const std::vector<std::shared_ptr<const SubscriberList>>& Audience::by_worker(std::size_t workers) {
  if (by_worker_.empty()) {
    std::vector<SubscriberList> lists(workers);
    for (const auto& [client, subscriber] : subscribers_) {
      lists[client->worker()].push_back(subscriber);
    }
    for (SubscriberList& list : lists) {
      by_worker_.push_back(list.empty() ? nullptr
                                        : std::make_shared<const SubscriberList>(std::move(list)));
    }
  }
  return by_worker_;
}

}  // namespace segue::server
