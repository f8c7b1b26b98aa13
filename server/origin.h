// Which web pages may open a socket. Any page can reach a server on loopback through its visitor's
// browser, so the browser's word on where the page came from is checked.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace segue::server {

class OriginPolicy {
 public:
  // `allowed`: as browsers write them, "https://show.example". `trust_host`: the server is meant to
  // be reached under names it does not know, so a page that was itself fetched under the request's
  // Host is our own. `scheme`: what the port speaks; a page that came unprotected may be anybody's
  // where it is https.
  OriginPolicy(std::string_view host, std::uint16_t port, std::vector<std::string> allowed,
               bool trust_host, std::string_view scheme = "http");

  // `origin`: the request's Origin, empty if it has none; `host`: its Host.
  bool allows(std::string_view origin, std::string_view host) const;
  // Whether the server goes by this name. A page under any other name that is made to lead here
  // would count as our own for the browser, and send no Origin.
  bool allows_host(std::string_view host) const;

 private:
  std::string scheme_;
  std::vector<std::string> allowed_;
  bool trust_host_;
};

}  // namespace segue::server
