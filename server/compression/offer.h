// What is agreed on about permessage-deflate (RFC 7692) in the opening of a WebSocket. Pure.
//
// Neither side keeps anything from one message to the next. So a connection that is quiet takes no
// memory for it, and a broadcast is compressed once for all its receivers.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace segue::server {

struct Compression {
  // What the client packs its messages within: 2^bits bytes.
  int window_bits = 15;
  // The server's answer, for Sec-WebSocket-Extensions.
  std::string answer;
};

// `offers`: the client's Sec-WebSocket-Extensions. The first that can be accepted is; nothing where
// there is none.
std::optional<Compression> accept_compression(std::string_view offers);

}  // namespace segue::server
