// What a client may say: the ShareDB protocol's requests as plain values, and how they are read.
// Normative: spec/protocol.md.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "ot/document.h"
#include "ot/ids.h"
#include "ot/json.h"
#include "ot/json_part.h"
#include "ot/op.h"
#include "ot/presence.h"
#include "ot/result.h"

namespace segue::ot {

struct MessageLimits {
  std::size_t collection_bytes_max = 128;
  std::size_t id_bytes_max = 255;
  std::size_t src_bytes_max = 128;
  std::size_t bulk_ids_max = 10'000;
};

struct Handshake {
  std::optional<ClientId> id;  // the src the client had before it reconnected
  bool knows_no_op = false;    // protocol 1.2: it can be told that an op was a no-op
  bool knows_leases = false;   // it wants to be told of leases
};
struct Ping {};
// Renews the access of a connection, before the token it came with expires.
struct Authenticate {
  enum class Kind { token, ticket } kind = Kind::token;
  std::string value;
};

struct PresenceSubscribe {
  std::string channel;
  std::uint64_t seq = 0;  // of the client's subscriptions to channels and their ends
};
struct PresenceUnsubscribe {
  std::string channel;
  std::uint64_t seq = 0;
};
struct PresenceRequest {  // everybody in the channel is to tell of themselves
  std::string channel;
};
struct PresenceUpdate {
  Presence presence;  // its src is still to be set
};

// `number` is chosen by the client and unique on its connection; `id` on the wire.
struct QueryFetch {
  double number = 0;
  std::string collection;
  Json query;
  std::string database;  // empty: the only one there is
};
struct QuerySubscribe {
  struct Known {
    std::string id;
    std::optional<Version> version;
  };
  QueryFetch query;
  std::optional<std::vector<Known>> known;  // results the client has from before it reconnected
};
struct QueryUnsubscribe {
  double number = 0;
};

struct Fetch {
  DocId doc;
  std::optional<Version> version;  // ops from here on; none: a snapshot
};
struct Subscribe {
  DocId doc;
  std::optional<Version> version;
};
struct Unsubscribe {
  DocId doc;
};
struct SnapshotByVersion {
  DocId doc;
  std::optional<Version> version;  // none: the latest
};
struct SnapshotByTime {
  DocId doc;
  std::optional<double> time_ms;  // none: the latest
};
struct Submit {
  DocId doc;
  Submission op;  // op.src is empty where the message names none
};

// Of the thing at `path`, which is of `version`; none: the current one.
struct LeaseTake {
  DocId doc;
  Json path;
  std::optional<Version> version;
  std::optional<std::uint64_t> ttl_ms;  // none: the usual
  std::string name;                     // for people; may be empty
};
struct LeaseRenew {
  DocId doc;
  std::string lease;
  std::optional<std::uint64_t> ttl_ms;
};
struct LeaseRelease {
  DocId doc;
  std::string lease;
};

enum class BulkAction { fetch, subscribe, unsubscribe };
struct Bulk {
  BulkAction action;
  std::string collection;
  struct Item {
    std::string id;
    std::optional<Version> version;
  };
  std::vector<Item> items;     // each id once
  bool with_versions = false;  // asked for ops, not for snapshots
};

using Message = std::variant<Handshake, Ping, Authenticate, PresenceSubscribe, PresenceUnsubscribe,
                             PresenceRequest, PresenceUpdate, QueryFetch, QuerySubscribe,
                             QueryUnsubscribe, Fetch, Subscribe, Unsubscribe, SnapshotByVersion,
                             SnapshotByTime, Submit, LeaseTake, LeaseRenew, LeaseRelease, Bulk>;

// Reads a request. All checks that need no document are made here, in ShareDB's order and with
// its texts. Errors: what the client is to be told; message_badly_formed unless said otherwise.
Result<Message> decode_message(const JsonPart& request, TypeLookup find_type,
                               const MessageLimits& limits = {});

// The top-level scalars a client needs to match an error to its request (a, c, d, id, v, src, seq),
// read from text that could not be read as a whole: too large, too deep, a key twice. What cannot
// be made out is left away.
Json salvage_request(std::string_view text);

}  // namespace segue::ot
