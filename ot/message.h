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
#include "ot/op.h"
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
};
struct Ping {};
// Renews the access of a connection, before the token it came with expires.
struct Authenticate {
  enum class Kind { token, ticket } kind = Kind::token;
  std::string value;
};
// Presence is not offered: these are answered as by a server on which it is switched off.
struct PresenceUnsubscribe {
  Json channel;
  Json seq;
};
struct PresenceRequest {};
struct PresenceIgnored {};
// Queries are not offered, so none is ever subscribed to.
struct QueryUnsubscribe {};

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

using Message = std::variant<Handshake, Ping, Authenticate, PresenceUnsubscribe, PresenceRequest,
                             PresenceIgnored, QueryUnsubscribe, Fetch, Subscribe, Unsubscribe,
                             SnapshotByVersion, SnapshotByTime, Submit, Bulk>;

// Reads a request. All checks that need no document are made here, in ShareDB's order and with
// its texts. Errors: what the client is to be told; message_badly_formed unless said otherwise.
Result<Message> decode_message(const Json& request, TypeLookup find_type,
                               const MessageLimits& limits = {});

// The top-level scalars a client needs to match an error to its request (a, c, d, id, v, src, seq),
// read from text that could not be read as a whole: too large, too deep, a key twice. What cannot
// be made out is left away.
Json salvage_request(std::string_view text);

}  // namespace segue::ot
