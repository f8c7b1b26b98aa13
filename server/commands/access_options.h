// What `segue token` and `segue policy` share: which tokens are meant, and time.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "ot/result.h"
#include "server/access/access.h"

namespace CLI {
class App;
}

namespace segue::server {

// Tokens as a tool checks them.
struct TokenCheck {
  std::string keys;
  std::string revoked;
  access::Expected expected;
  std::optional<double> at_s;  // none: now

  // Errors: unauthorized, the token is not in force; others: the files.
  ot::Result<access::Identity> check(const std::string& token) const;
};
// --keys, --revoked, --audience, --issuer and --at.
std::shared_ptr<TokenCheck> add_token_check(CLI::App& command);

double seconds_now();  // since the epoch

}  // namespace segue::server
