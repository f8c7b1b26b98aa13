#include "server/document_table.h"

#include <utility>
#include <vector>

#include "ot/assert.h"

namespace segue::server {

DocumentTable::Document* DocumentTable::find(const ot::DocId& doc) {
  const auto found = by_id_.find(doc);
  if (found == by_id_.end()) {
    return nullptr;
  }
  documents_.splice(documents_.begin(), documents_, found->second);
  return &*found->second;
}

std::shared_ptr<oplog::CommitObserver> DocumentTable::observer_of(
    const DocumentActor& actor) const {
  const auto found = by_id_.find(actor.id());
  const bool same = found != by_id_.end() && found->second->actor.get() == &actor;
  return same ? found->second->observer : nullptr;
}

DocumentTable::Document& DocumentTable::add(std::shared_ptr<DocumentActor> actor,
                                            std::shared_ptr<oplog::CommitObserver> observer) {
  const ot::DocId id = actor->id();
  documents_.push_front({std::move(actor), std::move(observer)});
  const bool inserted = by_id_.emplace(id, documents_.begin()).second;
  OT_ASSERT(inserted);
  return documents_.front();
}

void DocumentTable::measure(const DocumentActor& actor) {
  if (const auto document = find_actor(actor); document != documents_.end()) {
    bytes_ -= document->bytes;
    document->bytes = actor.memory_bytes();
    bytes_ += document->bytes;
  }
}

void DocumentTable::drop(const DocumentActor& actor) {
  if (const auto document = find_actor(actor); document != documents_.end()) {
    drop(document);
  }
}

void DocumentTable::clear() {
  by_id_.clear();
  documents_.clear();
  bytes_ = 0;
}

bool DocumentTable::make_room(std::size_t documents_max) {
  for (; bytes_ > bytes_max_ && documents_max > 0 && !documents_.empty(); --documents_max) {
    const auto oldest = std::prev(documents_.end());
    if (oldest->actor->is_idle(oldest->actor.use_count())) {
      drop(oldest);
    } else {
      documents_.splice(documents_.begin(), documents_, oldest);
    }
  }
  return bytes_ <= bytes_max_;
}

void DocumentTable::for_each(const std::function<void(DocumentActor&)>& visit) const {
  std::vector<std::shared_ptr<DocumentActor>> actors;
  actors.reserve(documents_.size());
  for (const Document& document : documents_) {
    actors.push_back(document.actor);
  }
  for (const auto& actor : actors) {
    visit(*actor);
  }
}

DocumentTable::List::iterator DocumentTable::find_actor(const DocumentActor& actor) {
  const auto found = by_id_.find(actor.id());
  const bool same = found != by_id_.end() && found->second->actor.get() == &actor;
  return same ? found->second : documents_.end();
}

void DocumentTable::drop(List::iterator document) {
  bytes_ -= document->bytes;
  by_id_.erase(document->actor->id());
  documents_.erase(document);
}

}  // namespace segue::server
