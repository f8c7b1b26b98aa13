// The address of a server, as users write it.
#pragma once

#include <string>
#include <string_view>

#include "ot/result.h"

namespace segue::client {

struct Url {
  std::string host;
  std::string port;
  std::string path;  // with the query; at least "/"
};

// "host:port" as HTTP writes it.
std::string host_header(const Url& url);

// Reads "ws://host:port/path" or the same with http://; port and path may be left away. An IPv6
// address stands in brackets. Errors: unsupported (another scheme), uncoded (no host).
ot::Result<Url> parse_url(std::string_view text);

}  // namespace segue::client
