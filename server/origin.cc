#include "server/origin.h"

#include <algorithm>
#include <utility>

namespace segue::server {

OriginPolicy::OriginPolicy(std::string_view host, std::uint16_t port,
                           std::vector<std::string> allowed, bool trust_host)
    : allowed_(std::move(allowed)), trust_host_(trust_host) {
  const std::string bracketed =
      host.find(':') == host.npos ? std::string(host) : "[" + std::string(host) + "]";
  for (const std::string& name :
       {std::string("127.0.0.1"), std::string("localhost"), std::string("[::1]"), bracketed}) {
    allowed_.push_back("http://" + name + ":" + std::to_string(port));
  }
}

bool OriginPolicy::allows(std::string_view origin, std::string_view host) const {
  if (origin.empty() || std::find(allowed_.begin(), allowed_.end(), origin) != allowed_.end()) {
    return true;
  }
  return trust_host_ && !host.empty() &&
         (origin == "http://" + std::string(host) || origin == "https://" + std::string(host));
}

}  // namespace segue::server
