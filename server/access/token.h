// Access tokens: JSON Web Tokens in compact form (RFC 7519). Normative: spec/access.md, "Tokens".
//
// Pure: what time it is, and which keys there are, is passed in.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ot/json.h"
#include "ot/result.h"
#include "server/access/key_set.h"

namespace segue::access {

inline constexpr std::size_t token_bytes_max = 8u << 10;

// Which tokens are meant for this server.
struct Expected {
  std::string audience = "segue";
  bool audience_required = false;
  std::string issuer;  // empty: any
};

// What a valid token says. Times are seconds since the epoch.
struct Identity {
  std::string author;  // `sub`
  double expires_s = 0;
  std::optional<double> issued_s;
  std::string token_id;  // `jti`; may be empty
  std::string key;       // the fingerprint of the key it was signed with
  ot::Json claims;
};

// Errors: unauthorized, and why, in words that repeat nothing of the token but its times.
ot::Result<Identity> check_token(std::string_view token, const KeySet& keys,
                                 const Expected& expected, double now_s);

// The token with these claims. Errors: uncoded, the key cannot sign.
ot::Result<std::string> make_token(const ot::Json& claims, const Key& key);

// What the claims say, if they say what a token must; `expected` and `now_s` as above. For those
// that come without a token.
ot::Result<Identity> read_claims(const ot::Json& claims, const Expected& expected, double now_s);

}  // namespace segue::access
