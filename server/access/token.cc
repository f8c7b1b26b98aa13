#include "server/access/token.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "oplog/op_log.h"
#include "ot/json_text.h"
#include "server/access/base64url.h"

namespace segue::access {

namespace {

using ot::Json;
using ot::Result;

constexpr std::size_t author_bytes_max = 255;
constexpr std::size_t token_id_bytes_max = 255;
constexpr double clock_skew_s = 5;  // between the clocks of issuer and server, for `nbf`
constexpr ot::JsonLimits json_limits{16, 1000, 255};
static_assert(author_bytes_max <= oplog::author_bytes_max);

tl::unexpected<ot::Error> refused(std::string why) {
  return ot::fail(ot::Errc::unauthorized, std::move(why));
}

// The parts as sent; `signed_text` is what the signature is of.
struct Parts {
  std::string_view header;
  std::string_view claims;
  std::string_view signature;
  std::string_view signed_text;
};

std::optional<Parts> split(std::string_view token) {
  const std::size_t first = token.find('.');
  const std::size_t second = first == token.npos ? token.npos : token.find('.', first + 1);
  if (second == token.npos || token.find('.', second + 1) != token.npos) {
    return std::nullopt;
  }
  return Parts{token.substr(0, first), token.substr(first + 1, second - first - 1),
               token.substr(second + 1), token.substr(0, second)};
}

// A part that is a JSON object in base64url.
Result<Json> object_of(std::string_view part, std::string_view name) {
  const auto text = from_base64url(part);
  if (!text) {
    return refused("the token's " + std::string(name) + " is not base64url");
  }
  auto json = ot::parse_json(*text, json_limits);
  if (!json || !json->is_object()) {
    return refused("the token's " + std::string(name) + " is no acceptable JSON object");
  }
  return json;
}

// A string that can be printed and compared, or nullopt.
std::optional<std::string> text_of(const Json* value) {
  if (value == nullptr || !value->is_string() || value->text().has_lone_surrogate()) {
    return std::nullopt;
  }
  return value->str();
}

bool is_name(const std::string& text) {
  return !text.empty() && text.size() <= author_bytes_max &&
         std::none_of(text.begin(), text.end(), [](unsigned char c) { return std::iscntrl(c); });
}

Result<void> check_header(const Json& header) {
  if (header.find("crit") != nullptr) {
    return refused("the token has critical extensions, which are not understood");
  }
  if (header.find("typ") == nullptr) {
    return {};
  }
  std::string type = text_of(header.find("typ")).value_or("");
  std::transform(type.begin(), type.end(), type.begin(), [](unsigned char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : static_cast<char>(c);
  });
  return type == "jwt" || type == "at+jwt" ? Result<void>{}
                                           : refused("the token is of another type");
}

// The key whose signature it is. Each is tried with its own algorithm, and only if the token names
// that.
Result<const Key*> signer(const Json& header, const Parts& parts, const KeySet& keys) {
  const auto algorithm = text_of(header.find("alg"));
  const auto signature = from_base64url(parts.signature);
  if (!algorithm || !signature) {
    return refused("the token is not signed");
  }
  const bool names_key = header.find("kid") != nullptr;
  const auto id = text_of(header.find("kid"));
  if (names_key && (!id || id->empty() || keys.find(*id) == nullptr)) {
    return refused("the token names a key that is not known");
  }
  for (const Key& key : keys.keys()) {
    if (algorithm_name(key.algorithm()) == *algorithm && (!names_key || key.id() == *id) &&
        key.verify(parts.signed_text, *signature)) {
      return &key;
    }
  }
  return refused("no key for the token's algorithm made its signature");
}

// A time in a claim. Errors where it is there and no time.
Result<std::optional<double>> time_of(const Json& claims, std::string_view name) {
  const Json* value = claims.find(name);
  if (value == nullptr) {
    return std::optional<double>();
  }
  if (!value->is_number() || value->number() < 0) {
    return refused("the token's `" + std::string(name) + "` is no time");
  }
  return std::optional(value->number());
}

bool holds(const Json& audience, const std::string& wanted) {
  if (!audience.is_array()) {
    return text_of(&audience) == wanted;
  }
  bool found = false;
  audience.for_each_element([&](const Json& one) { found = found || text_of(&one) == wanted; });
  return found;
}

Result<void> check_purpose(const Json& claims, const Expected& expected) {
  const Json* audience = claims.find("aud");
  if (audience == nullptr ? expected.audience_required : !holds(*audience, expected.audience)) {
    return refused("the token is not for the audience " + expected.audience);
  }
  if (!expected.issuer.empty() && text_of(claims.find("iss")) != expected.issuer) {
    return refused("the token is not from the issuer " + expected.issuer);
  }
  return {};
}

}  // namespace

Result<Identity> read_claims(const Json& claims, const Expected& expected, double now_s) {
  Identity identity;
  identity.author = text_of(claims.find("sub")).value_or("");
  if (!is_name(identity.author) || identity.author == oplog::anonymous) {
    return refused("the token names no author in `sub`");
  }
  const auto expires = time_of(claims, "exp");
  const auto not_before = time_of(claims, "nbf");
  const auto issued = time_of(claims, "iat");
  for (const auto* time : {&expires, &not_before, &issued}) {
    if (!*time) {
      return ot::fail(time->error());
    }
  }
  if (!*expires) {
    return refused("the token does not say when it expires");
  }
  if (**expires <= now_s) {
    return refused("the token has expired");
  }
  if (*not_before && **not_before > now_s + clock_skew_s) {
    return refused("the token is not valid yet");
  }
  if (auto meant = check_purpose(claims, expected); !meant) {
    return ot::fail(meant.error());
  }
  const Json* id = claims.find("jti");
  identity.token_id = text_of(id).value_or("");
  if (id != nullptr &&
      (identity.token_id.empty() || identity.token_id.size() > token_id_bytes_max)) {
    return refused("the token's `jti` is no name");
  }
  identity.expires_s = **expires;
  identity.issued_s = *issued;
  identity.claims = claims;
  return identity;
}

Result<Identity> check_token(std::string_view token, const KeySet& keys, const Expected& expected,
                             double now_s) {
  if (token.size() > token_bytes_max) {
    return refused("the token is larger than " + std::to_string(token_bytes_max) + " bytes");
  }
  const auto parts = split(token);
  if (!parts) {
    return refused("not a token in three parts");
  }
  const auto header = object_of(parts->header, "header");
  if (!header) {
    return ot::fail(header.error());
  }
  if (auto checked = check_header(*header); !checked) {
    return ot::fail(checked.error());
  }
  const auto key = signer(*header, *parts, keys);
  if (!key) {
    return ot::fail(key.error());
  }
  const auto claims = object_of(parts->claims, "claims");
  if (!claims) {
    return ot::fail(claims.error());
  }
  auto identity = read_claims(*claims, expected, now_s);
  if (identity) {
    identity->key = (*key)->fingerprint();
  }
  return identity;
}

Result<std::string> make_token(const Json& claims, const Key& key) {
  Json header = Json::object({{"alg", Json(algorithm_name(key.algorithm()))}, {"typ", "JWT"}});
  if (!key.id().empty()) {
    header.set("kid", key.id());
  }
  std::string token =
      to_base64url(ot::json_text(header)) + '.' + to_base64url(ot::json_text(claims));
  const auto signature = key.sign(token);
  if (!signature) {
    return ot::fail(signature.error());
  }
  return token + '.' + to_base64url(*signature);
}

}  // namespace segue::access
