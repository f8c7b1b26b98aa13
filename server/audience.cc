#include "server/audience.h"

#include <utility>

namespace segue::server {

void Audience::add(Subscriber subscriber) {
  by_worker_.clear();
  const Key key(subscriber.client.get(), subscriber.projection);
  subscribers_.insert_or_assign(key, std::move(subscriber));
}

void Audience::remove(const Client* client, const ot::Projection* projection) {
  by_worker_.clear();
  subscribers_.erase({client, projection});
}

void Audience::remove(const Client* client) {
  by_worker_.clear();
  const auto first = subscribers_.lower_bound({client, nullptr});
  auto last = first;
  while (last != subscribers_.end() && last->first.first == client) {
    ++last;
  }
  subscribers_.erase(first, last);
}

std::optional<ot::Version> Audience::subscribed_from(const Client* client,
                                                     const ot::Projection* projection) const {
  const auto found = subscribers_.find({client, projection});
  return found == subscribers_.end() ? std::nullopt : std::optional(found->second.from);
}

const std::vector<std::shared_ptr<const SubscriberList>>& Audience::by_worker(std::size_t workers) {
  if (by_worker_.empty()) {
    std::vector<SubscriberList> lists(workers);
    projections_.clear();
    for (const auto& [key, subscriber] : subscribers_) {
      projections_.insert(key.second);
      lists[key.first->worker()].push_back(subscriber);
    }
    for (SubscriberList& list : lists) {
      by_worker_.push_back(list.empty() ? nullptr
                                        : std::make_shared<const SubscriberList>(std::move(list)));
    }
  }
  return by_worker_;
}

}  // namespace segue::server
