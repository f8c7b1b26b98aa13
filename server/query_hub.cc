#include "server/query_hub.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "ot/planted_bug.h"
#include "ot/reply.h"
#include "server/doc_request.h"
#include "server/query/reply.h"

namespace segue::server {

using query::Entry;
using query::LiveQuery;

// ---- reading

void QueryHub::handle(QueryRequest request) {
  auto found = collections_.find(request.collection);
  if (found == collections_.end()) {
    if (std::holds_alternative<LeaveQueries>(request.what)) {
      return;
    }
    if (std::holds_alternative<EndQuery>(request.what)) {
      return reply_ended(request);
    }
    const std::string name = request.collection;
    found = collections_.try_emplace(name).first;
    load(name);
  }
  Collection& collection = found->second;
  collection.used = ++uses_;
  if (collection.is_loaded && collection.waiting.empty()) {
    return process(collection, std::move(request));
  }
  const bool may_wait = collection.waiting.size() < host_.limits().queries_waiting_max ||
                        std::holds_alternative<LeaveQueries>(request.what);
  if (!may_wait) {
    return host_.post(request.client->worker(),
                      [client = request.client] { client->close(try_again_later); });
  }
  collection.waiting.push_back(std::move(request));
}

// First the news, then what is on disk: what happens in between comes twice, and counts once.
void QueryHub::load(const std::string& name) {
  host_.watch(name, [this, name] { read_piece(name, ""); });
}

void QueryHub::read_piece(const std::string& name, std::string after) {
  auto piece = std::make_shared<Piece>();
  host_.read(
      [piece, name, after = std::move(after), limits = host_.limits().document,
       types = host_.types()](const oplog::OpLog& log) {
        *piece = read_documents(log, name, after, limits, types);
      },
      [this, piece, name] { on_piece(name, std::move(*piece)); });
}

void QueryHub::on_piece(const std::string& name, Piece piece) {
  const auto found = collections_.find(name);
  if (found == collections_.end()) {
    return;
  }
  if (piece.error) {
    return on_load_failed(name, *piece.error);
  }
  for (auto& [id, snapshot] : piece.documents) {
    found->second.index.apply(id, std::move(snapshot));
  }
  if (!make_room()) {
    return on_load_failed(name, {ot::Errc::too_large, "The collection is too large for queries"});
  }
  if (piece.next_after) {
    return read_piece(name, std::move(*piece.next_after));
  }
  found->second.is_loaded = true;
  on_loaded(name);
}

// One request a turn: each may look at every document.
void QueryHub::on_loaded(const std::string& name) {
  const auto found = collections_.find(name);
  if (found == collections_.end() || !found->second.is_loaded || found->second.waiting.empty()) {
    return;
  }
  Collection& collection = found->second;
  QueryRequest request = std::move(collection.waiting.front());
  process(collection, std::move(request));
  collection.waiting.pop_front();  // Last: what comes meanwhile goes behind it.
  if (!collection.waiting.empty()) {
    host_.post(host_.worker(), [this, name] { on_loaded(name); });
  }
}

void QueryHub::on_load_failed(const std::string& name, const ot::Error& error) {
  const auto found = collections_.find(name);
  if (found == collections_.end()) {
    return;  // Nobody followed it, so it has made room itself.
  }
  const Collection& collection = found->second;
  for (const QueryRequest& request : collection.waiting) {
    if (std::holds_alternative<EndQuery>(request.what)) {
      reply_ended(request);
    } else if (!std::holds_alternative<LeaveQueries>(request.what)) {
      reply(request, ot::error_reply(request.message, error));
    }
  }
  for (const auto& [live, follower] : collection.followers) {
    send(*follower, Frame::text(query::failed_message(follower->number, error)));
  }
  drop(name);
}

void QueryHub::drop(const std::string& name) {
  collections_.erase(name);
  host_.unwatch(name);
}

std::size_t QueryHub::memory_bytes() const {
  std::size_t bytes = 0;
  for (const auto& [name, collection] : collections_) {
    bytes += collection.index.bytes();
  }
  return bytes;
}

std::size_t QueryHub::queries() const {
  std::size_t sum = 0;
  for (const auto& [name, collection] : collections_) {
    sum += collection.followers.size();
  }
  return sum;
}

// Lets go of collections that nobody follows, the one used longest ago first.
bool QueryHub::make_room() {
  const std::size_t bytes_max = host_.limits().query_bytes_max / host_.workers();
  while (memory_bytes() > bytes_max) {
    auto oldest = collections_.end();
    for (auto next = collections_.begin(); next != collections_.end(); ++next) {
      const Collection& collection = next->second;
      const bool is_idle =
          collection.is_loaded && collection.waiting.empty() && collection.followers.empty();
      if (is_idle && (oldest == collections_.end() || collection.used < oldest->second.used)) {
        oldest = next;
      }
    }
    if (oldest == collections_.end()) {
      return false;
    }
    drop(std::string(oldest->first));
  }
  return true;
}

// ---- requests

void QueryHub::process(Collection& collection, QueryRequest request) {
  std::visit([&](auto& what) { on(collection, request, what); }, request.what);
}

void QueryHub::on(Collection& collection, QueryRequest& request, RunQuery& run) {
  const auto results = collection.index.evaluate(std::move(run.query));
  if (results->shown().size() > host_.limits().query.results_max) {
    return reply(request, ot::error_reply(request.message, query::too_many_results));
  }
  reply(request, query::results_reply(request.message, *results, request.projection));
}

void QueryHub::on(Collection& collection, QueryRequest& request, FollowQuery& follow) {
  const Name name(request.client.get(), follow.number);
  if (const auto earlier = collection.by_name.find(name); earlier != collection.by_name.end()) {
    forget(collection, *earlier->second);
  }
  LiveQuery& live = collection.index.add(std::move(follow.query));
  if (live.shown().size() > host_.limits().query.results_max) {
    collection.index.remove(live);
    return reply(request, ot::error_reply(request.message, query::too_many_results));
  }
  auto follower = std::make_shared<Follower>();
  follower->number = follow.number;
  const auto known = std::move(follow.known);
  follower->request = std::move(request);
  collection.followers.emplace(&live, follower);
  collection.by_name.emplace(name, &live);
  open(collection, follower, live, known);
}

void QueryHub::on(Collection& collection, QueryRequest& request, const EndQuery& end) {
  const auto found = collection.by_name.find({request.client.get(), end.number});
  if (found != collection.by_name.end()) {
    forget(collection, *found->second);
  }
  reply_ended(request);
}

void QueryHub::on(Collection& collection, QueryRequest& request, const LeaveQueries&) {
  const Client* client = request.client.get();
  std::vector<LiveQuery*> gone;
  for (const auto& [name, live] : collection.by_name) {
    if (name.first == client) {
      gone.push_back(live);
    }
  }
  for (LiveQuery* live : gone) {
    forget(collection, *live);
  }
}

void QueryHub::forget(Collection& collection, LiveQuery& live) {
  const auto follower = collection.followers.extract(&live).mapped();
  collection.by_name.erase({follower->request.client.get(), follower->number});
  collection.index.remove(live);
}

// ---- telling

// The results as they are now; all that changes comes after.
void QueryHub::open(Collection& collection, const std::shared_ptr<Follower>& follower,
                    const LiveQuery& live,
                    const std::optional<std::vector<ot::QuerySubscribe::Known>>& known) {
  const QueryRequest& request = follower->request;
  if (!known) {
    return send(*follower,
                Frame::text(query::results_reply(request.message, live, request.projection)));
  }
  catch_up(collection, follower, *known);
  if (const auto edits = query::difference(*known, live.shown()); !edits.empty()) {
    send(*follower, Frame::text(query::diff_message(follower->number, edits, request.projection)));
  }
  std::vector<const Entry*> missing;
  for (const auto& one : *known) {
    const Entry* entry = one.version ? nullptr : collection.index.find(one.id);
    if (entry != nullptr && entry->exists()) {
      missing.push_back(entry);
    }
  }
  send(*follower,
       Frame::text(query::resumed_reply(request.message, live, missing, request.projection)));
}

// The ops that a client has missed of documents it had.
void QueryHub::catch_up(Collection& collection, const std::shared_ptr<Follower>& follower,
                        const std::vector<ot::QuerySubscribe::Known>& known) {
  const QueryRequest& request = follower->request;
  for (const auto& one : known) {
    const Entry* entry = collection.index.find(one.id);
    if (entry == nullptr || !one.version || *one.version >= entry->snapshot.version) {
      continue;
    }
    fetch_ops(follower, {request.collection, one.id}, *one.version);
  }
}

// The document's actor sends them; what is news meanwhile waits until it has.
void QueryHub::fetch_ops(const std::shared_ptr<Follower>& follower, const ot::DocId& doc,
                         ot::Version from) {
  const QueryRequest& request = follower->request;
  ++follower->catching_up;
  DocRequest fetch{request.client, request.src, {}, nullptr, ot::Fetch{doc, from}};
  fetch.projection = request.projection;
  fetch.then = [this, waiting = std::weak_ptr(follower)] {
    if (const auto live = waiting.lock()) {
      on_caught_up(live);
    }
  };
  fetch.then_worker = host_.worker();
  host_.route(doc, std::move(fetch));
}

void QueryHub::on_caught_up(const std::shared_ptr<Follower>& follower) {
  if (--follower->catching_up > 0) {
    return;
  }
  follower->held_bytes = 0;
  for (const Frame& frame : std::exchange(follower->held, {})) {
    send(*follower, frame);
  }
}

void QueryHub::on_news(const DocumentNews& news) {
  const auto found = collections_.find(news.doc.collection);
  if (found == collections_.end()) {
    return;
  }
  Collection& collection = found->second;
  const auto applied = collection.index.apply(news.doc.id, news.snapshot);
  if (applied.entry == nullptr) {
    return;
  }
  for (const auto& update : applied.updates) {
    tell(*collection.followers.at(update.query), update);
  }
  if (news.op != nullptr && news.op->version == applied.before) {
    tell_op(collection, news, applied.shown_in);
  } else {  // Ops from before the collection was watched come without news of their own.
    for (query::LiveQuery* live : applied.shown_in) {
      fetch_ops(collection.followers.at(live), news.doc, applied.before);
    }
  }
  for (const auto& update : applied.updates) {
    end_oversized(collection, update);
  }
  if (collection.is_loaded && !make_room()) {
    on_load_failed(news.doc.collection,
                   {ot::Errc::too_large, "The collection has become too large for queries"});
  }
}

void QueryHub::tell(Follower& follower, const query::CollectionIndex::Update& update) {
  if (update.count_changed) {
    send(follower, Frame::text(query::count_message(follower.number, update.query->count())));
  }
  if (!update.edits.empty() && !ot::planted(ot::Bug::query_keeps_results)) {
    send(follower, Frame::text(query::diff_message(follower.number, update.edits,
                                                   follower.request.projection)));
  }
}

// To those who had the document among their results; who gets it now has it with the op.
void QueryHub::tell_op(Collection& collection, const DocumentNews& news,
                       const std::vector<LiveQuery*>& shown_in) {
  std::map<const ot::Projection*, Frame> frames;
  for (LiveQuery* live : shown_in) {
    Follower& follower = *collection.followers.at(live);
    const ot::Projection* through = follower.request.projection;
    const bool own =
        (follower.request.client == news.author || follower.request.src == news.op->src) &&
        through == news.through;
    if (own) {
      continue;
    }
    Frame& frame = frames[through];
    if (!frame) {
      frame = Frame::text(through == nullptr ? ot::op_message(news.doc, *news.op)
                                             : ot::op_message({through->name, news.doc.id},
                                                              through->project(*news.op)));
    }
    send(follower, frame);
  }
}

void QueryHub::end_oversized(Collection& collection, const query::CollectionIndex::Update& update) {
  if (update.query->shown().size() <= host_.limits().query.results_max) {
    return;
  }
  Follower& follower = *collection.followers.at(update.query);
  send(follower, Frame::text(query::failed_message(follower.number, query::too_many_results)));
  forget(collection, *update.query);
}

void QueryHub::send(Follower& follower, const Frame& frame) {
  const auto& client = follower.request.client;
  if (follower.catching_up == 0) {
    return host_.post(client->worker(), [client, frame] { client->deliver(frame); });
  }
  const Limits& limits = host_.limits();
  if (follower.held_bytes + frame.bytes().size() > limits.outbox_bytes_max ||
      follower.held.size() >= limits.outbox_frames_max) {
    return host_.post(client->worker(), [client] { client->close(slow_consumer); });
  }
  follower.held.push_back(frame);
  follower.held_bytes += frame.bytes().size();
}

// A session that puts another query in its place asks without a message.
void QueryHub::reply_ended(const QueryRequest& request) {
  if (request.message.view().is_object()) {
    reply(request, ot::plain_reply(request.message));
  }
}

void QueryHub::reply(const QueryRequest& request, std::string_view text) {
  host_.post(request.client->worker(),
             [client = request.client, frame = Frame::text(text)] { client->deliver(frame); });
}

}  // namespace segue::server
