#include "server/news.h"

#include <utility>

namespace segue::server {

// A NUL stands in no name, so keys of different topics differ.
std::string NewsTopic::key() const {
  std::string key = collection.value_or("");
  if (id) {
    key += '\0';
    key += *id;
  }
  return key;
}

News::Reader::Reader(News& news, const NewsTopic& topic, std::function<void()> wake)
    : news_(news), key_(topic.key()), wake_(std::move(wake)) {
  std::list<Reader*>& list = news_.readers_[key_];
  place_ = list.insert(list.end(), this);
  ++news_.count_;
}

News::Reader::~Reader() {
  const auto list = news_.readers_.find(key_);
  list->second.erase(place_);
  if (list->second.empty()) {
    news_.readers_.erase(list);
  }
  --news_.count_;
}

void News::announce(const ot::DocId& doc) {
  wake(NewsTopic{doc.collection, doc.id}.key());
  wake(NewsTopic{doc.collection, std::nullopt}.key());
  wake(NewsTopic{}.key());
}

void News::wake(const std::string& key) {
  const auto list = readers_.find(key);
  if (list == readers_.end()) {
    return;
  }
  for (const Reader* reader : list->second) {
    reader->wake_();
  }
}

}  // namespace segue::server
