#include "server/origin.h"

#include <algorithm>
#include <cctype>
#include <utility>

namespace segue::server {

OriginPolicy::OriginPolicy(std::string_view host, std::uint16_t port,
                           std::vector<std::string> allowed, bool trust_host,
                           std::string_view scheme)
    : scheme_(std::string(scheme) + "://"), allowed_(std::move(allowed)), trust_host_(trust_host) {
  const std::string bracketed =
      host.find(':') == host.npos ? std::string(host) : "[" + std::string(host) + "]";
  for (const std::string& name :
       {std::string("127.0.0.1"), std::string("localhost"), std::string("[::1]"), bracketed}) {
    allowed_.push_back(scheme_ + name + ":" + std::to_string(port));
  }
}

bool OriginPolicy::allows(std::string_view origin, std::string_view host) const {
  if (origin.empty() || std::find(allowed_.begin(), allowed_.end(), origin) != allowed_.end()) {
    return true;
  }
  return trust_host_ && !host.empty() &&
         (origin == scheme_ + std::string(host) || origin == "https://" + std::string(host));
}

bool OriginPolicy::allows_host(std::string_view host) const {
  std::string asked(host);
  std::transform(asked.begin(), asked.end(), asked.begin(),
                 [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
  const std::string name = asked.substr(0, asked.rfind(':'));
  if (trust_host_ || asked == "[::1]" || name == "127.0.0.1" || name == "localhost" ||
      name == "[::1]") {
    return true;
  }
  return std::any_of(allowed_.begin(), allowed_.end(), [&](const std::string& origin) {
    const std::size_t scheme = origin.find("://");
    return scheme != origin.npos && std::string_view(origin).substr(scheme + 3) == asked;
  });
}

}  // namespace segue::server
