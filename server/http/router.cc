#include "server/http/router.h"

#include <algorithm>

namespace segue::server {

namespace http = boost::beast::http;

bool fits(std::string_view pattern, const std::vector<std::string>& segments) {
  for (const std::string& segment : segments) {
    if (pattern.empty()) {
      return false;
    }
    pattern.remove_prefix(1);
    const std::string_view wanted = pattern.substr(0, pattern.find('/'));
    if (wanted != "*" && wanted != segment) {
      return false;
    }
    pattern.remove_prefix(wanted.size());
  }
  return pattern.empty();
}

const Route* find_route(std::span<const Route> routes, const std::vector<std::string>& segments,
                        http::verb method) {
  const http::verb wanted = method == http::verb::head ? http::verb::get : method;
  const auto found = std::find_if(routes.begin(), routes.end(), [&](const Route& route) {
    return route.method == wanted && fits(route.pattern, segments);
  });
  return found == routes.end() ? nullptr : &*found;
}

std::string allowed_methods(std::span<const Route> routes,
                            const std::vector<std::string>& segments) {
  std::string allowed;
  for (const Route& route : routes) {
    if (fits(route.pattern, segments)) {
      allowed += view(http::to_string(route.method));
      allowed += route.method == http::verb::get ? ", HEAD, " : ", ";
    }
  }
  return allowed.empty() ? allowed : allowed + "OPTIONS";
}

}  // namespace segue::server
