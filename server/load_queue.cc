#include "server/load_queue.h"

#include <utility>

#include "ot/assert.h"

namespace segue::server {

void LoadQueue::push(ot::DocId doc, DocRequest request, Time now) {
  OT_ASSERT(!full());
  waiting_.push_back({std::move(doc), std::move(request), now});
}

std::vector<DocRequest> LoadQueue::take(const ot::DocId& doc) {
  std::vector<DocRequest> taken;
  for (Waiting& waiting : std::exchange(waiting_, {})) {
    if (waiting.doc == doc) {
      taken.push_back(std::move(waiting.request));
    } else {
      waiting_.push_back(std::move(waiting));
    }
  }
  return taken;
}

void LoadQueue::forget(const ot::DocId& doc, const Client* client) {
  std::erase_if(waiting_, [&](const Waiting& waiting) {
    return waiting.request.client.get() == client && waiting.doc == doc;
  });
}

std::optional<DocRequest> LoadQueue::take_older(Time time) {
  if (waiting_.empty() || waiting_.front().since >= time) {
    return std::nullopt;
  }
  std::optional<DocRequest> oldest = std::move(waiting_.front().request);
  waiting_.pop_front();
  return oldest;
}

}  // namespace segue::server
