// Keys and tokens for the tests of access.
#pragma once

#include <string>
#include <string_view>

#include <doctest/doctest.h>

#include "ot/json_text.h"
#include "server/access/base64url.h"
#include "server/access/key_set.h"
#include "server/access/token.h"

namespace segue::test {

inline constexpr double now_s = 1'800'000'000;

// JSON with ' for ", so that it can be read.
inline ot::Json json(std::string text) {
  for (char& c : text) {
    c = c == '\'' ? '"' : c;
  }
  return ot::parse_json(text).value();
}

inline access::KeySet key_set(const std::vector<access::Key>& keys) {
  ot::Json list = ot::Json::array();
  for (const access::Key& key : keys) {
    list.push_back(key.jwk());
  }
  return access::KeySet::from_json(ot::Json::object({{"keys", std::move(list)}})).value();
}

// Claims of a token of `author` that is good for an hour.
inline ot::Json claims_of(std::string_view author) {
  return ot::Json::object(
      {{"sub", ot::Json(author)}, {"iat", now_s}, {"exp", now_s + 3600}, {"jti", "t1"}});
}

// A token with any header, signed as told.
inline std::string signed_as(std::string_view header, std::string_view claims,
                             const access::Key& key) {
  const std::string text = access::to_base64url(header) + '.' + access::to_base64url(claims);
  return text + '.' + access::to_base64url(key.sign(text).value());
}

}  // namespace segue::test
