// LoadQueue: requests to documents that are not in memory, while there is no room for them.
//
// Strand: the worker's. Pure. Invariant: requests to one document keep their order.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <optional>
#include <vector>

#include "ot/ids.h"
#include "server/doc_request.h"

namespace segue::server {

class LoadQueue {
 public:
  using Time = std::chrono::steady_clock::time_point;

  explicit LoadQueue(std::size_t requests_max) : requests_max_(requests_max) {}

  bool empty() const { return waiting_.empty(); }
  std::size_t size() const { return waiting_.size(); }
  bool full() const { return waiting_.size() >= requests_max_; }
  // The document that has waited longest. REQUIRES: not empty.
  const ot::DocId& front() const { return waiting_.front().doc; }

  // REQUIRES: not full.
  void push(ot::DocId doc, DocRequest request, Time now);
  // All that waits for the document, in order.
  std::vector<DocRequest> take(const ot::DocId& doc);
  // Drops what waits for the document on behalf of the client.
  void forget(const ot::DocId& doc, const Client* client);
  // One that came before `time`, if there is any.
  std::optional<DocRequest> take_older(Time time);

 private:
  struct Waiting {
    ot::DocId doc;
    DocRequest request;
    Time since;
  };
  std::size_t requests_max_;
  std::deque<Waiting> waiting_;
};

}  // namespace segue::server
