// What a connection, or a document's actor on its behalf, asks of a presence channel. A plain
// value; it crosses to the worker that the channel is pinned to.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "ot/ids.h"
#include "ot/presence.h"
#include "server/client.h"

namespace segue::server {

// Subscribes. `reply` is sent when that is done.
struct Listen {
  std::string reply;
};
// The client is going to show presences of its own.
struct Speak {};
// Everybody who listens is to show its presences again.
struct Ask {};
struct Show {
  ot::Presence presence;
  std::optional<ot::DocId> doc;  // that it is a place in, by its own name
  std::string reply;             // to its author, once the others have been told; may be empty
};
// Ends both listening and speaking; the client's presences are gone.
struct Quit {};

struct ChannelRequest {
  std::shared_ptr<Client> client;
  ot::ClientId src;  // the connection's, at the time of asking
  std::string channel;
  std::variant<Listen, Speak, Ask, Show, Quit> what;
};

}  // namespace segue::server
