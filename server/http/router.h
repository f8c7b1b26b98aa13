// Which paths there are, which methods each has, and what answers them.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <boost/beast/http/verb.hpp>

#include "server/http/exchange.h"

namespace segue::server {

struct Route {
  std::string_view pattern;  // "/v1/docs/*/*/ops"; a star is a name
  boost::beast::http::verb method;
  Handler handler;
  bool streams = false;  // has an event stream too
  bool waits = false;    // may be answered late: a server that stops does not wait for it
  std::string_view type = "application/json";  // what it answers with
};

// All of /v1, and /metrics.
std::span<const Route> routes();

bool fits(std::string_view pattern, const std::vector<std::string>& segments);

// Of those that fit the path; HEAD counts as GET. Null where there is none.
const Route* find_route(std::span<const Route> routes, const std::vector<std::string>& segments,
                        boost::beast::http::verb method);
// "GET, HEAD, PUT", in the order of the routes, with OPTIONS; empty where nothing fits the path.
std::string allowed_methods(std::span<const Route> routes,
                            const std::vector<std::string>& segments);

}  // namespace segue::server
