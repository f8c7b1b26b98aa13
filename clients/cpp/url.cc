#include "clients/cpp/url.h"

namespace segue::client {

std::string host_header(const Url& url) {
  const bool ipv6 = url.host.find(':') != std::string::npos;
  return (ipv6 ? "[" + url.host + "]" : url.host) + ":" + url.port;
}

ot::Result<Url> parse_url(std::string_view text) {
  const auto scheme_end = text.find("://");
  const std::string_view scheme = text.substr(0, scheme_end);
  if (scheme_end == std::string_view::npos || (scheme != "ws" && scheme != "http")) {
    return ot::fail(ot::Errc::unsupported, "not a ws:// or http:// URL: " + std::string(text));
  }
  const std::string_view rest = text.substr(scheme_end + 3);
  const std::string_view authority = rest.substr(0, rest.find_first_of("/?"));
  const auto bracket = authority.find(']');
  const auto colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
  std::string_view host = authority.substr(0, colon);
  if (host.size() >= 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  }
  if (host.empty()) {
    return ot::fail(ot::Errc::uncoded, "no host in " + std::string(text));
  }
  Url url;
  url.host = host;
  url.port = colon == std::string_view::npos ? "80" : authority.substr(colon + 1);
  url.path = rest.substr(authority.size());
  if (url.path.empty() || url.path.front() == '?') {
    url.path.insert(0, 1, '/');
  }
  return url;
}

}  // namespace segue::client
