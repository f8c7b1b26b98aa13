// Key: one key of a JWK set (RFC 7517), and the one algorithm it is for. What a token says about
// its algorithm is only ever compared with that.
//
// Threads: any; immutable. The only unit, with key.cc, that knows OpenSSL's keys.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "ot/json.h"
#include "ot/result.h"

struct evp_pkey_st;  // OpenSSL's

namespace segue::access {

enum class Algorithm : std::uint8_t { hs256, rs256, eddsa };

std::string_view algorithm_name(Algorithm algorithm);  // "EdDSA"

class Key {
 public:
  // Errors: unsupported (a kind of key that is not for any algorithm here); uncoded, what is wrong
  // with it.
  static ot::Result<Key> from_jwk(const ot::Json& jwk);
  static Key generate(Algorithm algorithm, std::string_view id);

  const std::string& id() const { return id_; }  // `kid`; may be empty
  Algorithm algorithm() const { return algorithm_; }
  // Names the key's public part, or a secret without giving it away.
  const std::string& fingerprint() const { return fingerprint_; }
  // With all that was read or generated, private members too.
  const ot::Json& jwk() const { return jwk_; }
  // Errors: uncoded, a secret has no public part.
  ot::Result<ot::Json> public_jwk() const;

  bool can_sign() const { return has_private_; }
  bool verify(std::string_view data, std::string_view signature) const;
  // Errors: uncoded, the private part is missing.
  ot::Result<std::string> sign(std::string_view data) const;

 private:
  Key() = default;
  static ot::Result<Key> read_secret(const ot::Json& jwk);
  static ot::Result<Key> read_rsa(const ot::Json& jwk);
  static ot::Result<Key> read_ed25519(const ot::Json& jwk);

  std::string id_;
  Algorithm algorithm_ = Algorithm::hs256;
  std::string fingerprint_;
  ot::Json jwk_;
  std::string secret_;                 // HS256
  std::shared_ptr<evp_pkey_st> pair_;  // the others
  bool has_private_ = false;
};

}  // namespace segue::access
