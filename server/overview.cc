#include "server/overview.h"

#include <algorithm>
#include <cstddef>
#include <tuple>
#include <vector>

#include "server/worker.h"

namespace segue::server {

namespace {

template <class T, class Before>
void keep_first(std::vector<T>& all, std::size_t count, Before before) {
  const auto last = all.begin() + static_cast<std::ptrdiff_t>(std::min(count, all.size()));
  std::partial_sort(all.begin(), last, all.end(), before);
  all.erase(last, all.end());
}

bool is_larger(const DocumentInfo& a, const DocumentInfo& b) {
  return std::tie(b.memory_bytes, a.doc) < std::tie(a.memory_bytes, b.doc);
}

bool is_busier(const DocumentInfo& a, const DocumentInfo& b) {
  return std::tie(b.ops_per_minute, a.doc) < std::tie(a.ops_per_minute, b.doc);
}

bool is_fuller(const ConnectionInfo& a, const ConnectionInfo& b) {
  return std::tie(b.outbox_bytes, a.since_ms, a.src) < std::tie(a.outbox_bytes, b.since_ms, b.src);
}

void trim(Overview& overview) {
  keep_first(overview.largest, Overview::documents_max, is_larger);
  keep_first(overview.busiest, Overview::documents_max, is_busier);
  keep_first(overview.connections, Overview::connections_max, is_fuller);
}

template <class T>
void append(std::vector<T>& all, const std::vector<T>& more) {
  all.insert(all.end(), more.begin(), more.end());
}

}  // namespace

Overview& Overview::operator+=(const Overview& other) {
  live += other.live;
  append(largest, other.largest);
  append(busiest, other.busiest);
  append(connections, other.connections);
  trim(*this);
  return *this;
}

Live Worker::live() {
  Live live;
  ConnectionList& connections = *shared_.connections[index_];
  live.connections = connections.size();
  connections.for_each([&](const Client& client) { live.outbox_bytes += client.waiting_bytes(); });
  live.documents = documents_.size();
  live.document_bytes = documents_.bytes();
  documents_.for_each([&](const DocumentActor& actor) {
    live.subscriptions += actor.subscribers();
    live.history_bytes += actor.history_bytes();
  });
  live.waiting_requests = loads_.size();
  live.channels = presence_.channels();
  live.presences = presence_.presences();
  live.queries = queries_.queries();
  live.query_bytes = queries_.memory_bytes();
  return live;
}

Overview Worker::overview() {
  Overview overview;
  overview.live = live();
  documents_.for_each([&](const DocumentActor& actor) {
    DocumentInfo info{actor.id(), actor.version(), actor.memory_bytes(), actor.ops_per_minute(),
                      actor.subscribers()};
    if (info.ops_per_minute > 0) {
      overview.busiest.push_back(info);
    }
    overview.largest.push_back(std::move(info));
  });
  std::vector<const Client*> clients;
  shared_.connections[index_]->for_each([&](const Client& client) { clients.push_back(&client); });
  keep_first(clients, Overview::connections_max, [](const Client* a, const Client* b) {
    return a->waiting_bytes() > b->waiting_bytes();
  });
  for (const Client* client : clients) {
    overview.connections.push_back(client->describe());
  }
  trim(overview);
  return overview;
}

}  // namespace segue::server
