// QueryHub: the queries of the collections that are pinned to one worker. Reads a collection into
// its index when it is asked about first, and tells clients what changes in their results.
//
// Everything it knows is on disk: what it reads, and what documents tell it of. So nobody is shown,
// by way of a query, what a crash can lose. All that concerns one live query leaves in one order.
//
// Strand: its worker's. spec/notes/queries.md tells how it works.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "server/document_host.h"
#include "server/query/collection_index.h"
#include "server/query_reader.h"
#include "server/query_request.h"

namespace segue::server {

class QueryHub {
 public:
  // `host` outlives it.
  explicit QueryHub(DocumentHost& host) : host_(host) {}

  void handle(QueryRequest request);
  void on_news(const DocumentNews& news);

  // Of the documents in all its indexes, roughly.
  std::size_t memory_bytes() const;
  // Live ones, of all collections.
  std::size_t queries() const;
  std::size_t collections() const { return collections_.size(); }
  void clear() { collections_.clear(); }

 private:
  using Name = std::pair<const Client*, double>;

  // A live query's way to its client. What comes while the client is still being caught up waits.
  struct Follower {
    QueryRequest request;
    double number = 0;
    std::size_t catching_up = 0;  // documents whose missing ops are on their way
    std::vector<Frame> held;
    std::size_t held_bytes = 0;
  };
  struct Collection {
    bool is_loaded = false;
    query::CollectionIndex index;
    std::deque<QueryRequest> waiting;  // until it is loaded and their turn has come
    std::unordered_map<query::LiveQuery*, std::shared_ptr<Follower>> followers;
    std::map<Name, query::LiveQuery*> by_name;
    std::uint64_t used = 0;  // the larger, the later
  };

  // Reading.
  void load(const std::string& name);
  void read_piece(const std::string& name, std::string after);
  void on_piece(const std::string& name, Piece piece);
  void on_loaded(const std::string& name);
  void on_load_failed(const std::string& name, const ot::Error& error);
  void drop(const std::string& name);
  bool make_room();

  void process(Collection& collection, QueryRequest request);
  void on(Collection& collection, QueryRequest& request, RunQuery& run);
  void on(Collection& collection, QueryRequest& request, FollowQuery& follow);
  void on(Collection& collection, QueryRequest& request, const EndQuery& end);
  void on(Collection& collection, QueryRequest& request, const LeaveQueries& leave);

  // Telling.
  void open(Collection& collection, const std::shared_ptr<Follower>& follower,
            const query::LiveQuery& live,
            const std::optional<std::vector<ot::QuerySubscribe::Known>>& known);
  void catch_up(Collection& collection, const std::shared_ptr<Follower>& follower,
                const std::vector<ot::QuerySubscribe::Known>& known);
  void fetch_ops(const std::shared_ptr<Follower>& follower, const ot::DocId& doc, ot::Version from);
  void on_caught_up(const std::shared_ptr<Follower>& follower);
  void tell(Follower& follower, const query::CollectionIndex::Update& update);
  void tell_op(Collection& collection, const DocumentNews& news,
               const std::vector<query::LiveQuery*>& shown_in);
  void end_oversized(Collection& collection, const query::CollectionIndex::Update& update);
  void forget(Collection& collection, query::LiveQuery& live);
  void send(Follower& follower, const Frame& frame);
  void reply_ended(const QueryRequest& request);
  void reply(const QueryRequest& request, std::string_view text);

  DocumentHost& host_;
  std::unordered_map<std::string, Collection> collections_;
  std::uint64_t uses_ = 0;
};

}  // namespace segue::server
