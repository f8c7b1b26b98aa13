// What a connection asks of the queries of a collection, and what a document tells them. Plain
// values; they cross to the worker that the collection is pinned to.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "ot/document.h"
#include "ot/ids.h"
#include "ot/json.h"
#include "ot/message.h"
#include "ot/op.h"
#include "ot/projection.h"
#include "server/client.h"
#include "server/query/query.h"

namespace segue::server {

struct RunQuery {
  query::Query query;
};
struct FollowQuery {
  query::Query query;
  double number = 0;  // by which the client knows it; takes the place of an earlier one
  std::optional<std::vector<ot::QuerySubscribe::Known>> known;
};
struct EndQuery {
  double number = 0;
};
// The connection has ended.
struct LeaveQueries {};

struct QueryRequest {
  std::shared_ptr<Client> client;
  ot::ClientId src;  // the connection's, at the time of asking
  std::string collection;
  const ot::Projection* projection = nullptr;  // what the client sees the collection through
  ot::JsonPart message;                        // as received: the reply is matched by it
  std::variant<RunQuery, FollowQuery, EndQuery, LeaveQueries> what;
};

// A document has come to a version, which is on disk.
struct DocumentNews {
  ot::DocId doc;
  ot::Snapshot snapshot;
  ot::CommittedOpPtr op;  // that brought it there; null where it was loaded
  std::shared_ptr<Client> author;
  const ot::Projection* through = nullptr;  // what the author sees it through
};

}  // namespace segue::server
