// What a connection, or a document's actor on its behalf, asks of a presence channel. A plain
// value; it crosses to the worker that the channel is pinned to.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "ot/ids.h"
#include "ot/presence.h"
#include "ot/result.h"
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
// Of somebody without a connection: shows something until a time, takes it back (null), or only
// looks who is there, which is the answer.
struct Errand {
  std::optional<ot::Presence> shown{};  // its number is still to be set
  std::uint64_t ttl_ms = 0;
  std::function<void(ot::Result<std::string>)> answer{};  // called once, on `worker`
  std::size_t worker = 0;
};
// Ends both listening and speaking; the client's presences are gone. Nothing of the channel comes
// after `reply`, which may be empty.
struct Quit {
  std::string reply{};
};

struct ChannelRequest {
  std::shared_ptr<Client> client;  // null of an errand
  ot::ClientId src;                // the connection's, at the time of asking
  std::string channel;
  std::variant<Listen, Speak, Ask, Show, Errand, Quit> what;
};

}  // namespace segue::server
