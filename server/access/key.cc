#include "server/access/key.h"

#include <array>
#include <initializer_list>
#include <optional>
#include <utility>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/param_build.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>

#include "ot/assert.h"
#include "server/access/base64url.h"

namespace segue::access {

namespace {

using ot::Errc;
using ot::Json;
using ot::Result;

constexpr std::size_t secret_bytes_min = 32;
constexpr std::size_t member_bytes_max = 2048;
constexpr int rsa_bits_min = 2048;
constexpr int rsa_bits_max = 8192;
constexpr std::size_t ed25519_bytes = 32;

template <auto Free>
struct Freeing {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};
using Number = std::unique_ptr<BIGNUM, Freeing<BN_clear_free>>;
using Digest = std::unique_ptr<EVP_MD_CTX, Freeing<EVP_MD_CTX_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Freeing<EVP_PKEY_CTX_free>>;
using Builder = std::unique_ptr<OSSL_PARAM_BLD, Freeing<OSSL_PARAM_BLD_free>>;
using Params = std::unique_ptr<OSSL_PARAM, Freeing<OSSL_PARAM_free>>;

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

tl::unexpected<ot::Error> wrong(std::string what) {
  return ot::fail(Errc::uncoded, std::move(what));
}

// A string member, or nullopt where it is missing or no string.
std::optional<std::string> text_of(const Json& jwk, std::string_view name) {
  const Json* member = jwk.find(name);
  return member != nullptr && member->is_string() ? std::optional(member->str()) : std::nullopt;
}

// Bytes written in base64url.
std::optional<std::string> bytes_member(const Json& jwk, std::string_view name) {
  const auto text = text_of(jwk, name);
  auto bytes = text ? from_base64url(*text) : std::nullopt;
  return bytes && !bytes->empty() && bytes->size() <= member_bytes_max ? bytes : std::nullopt;
}

std::string fingerprint_of(std::initializer_list<std::string_view> parts) {
  const Digest digest(EVP_MD_CTX_new());
  OT_ASSERT(EVP_DigestInit_ex(digest.get(), EVP_sha256(), nullptr) == 1);
  for (const std::string_view part : parts) {
    const std::string framed = std::to_string(part.size()) + ':' + std::string(part);
    OT_ASSERT(EVP_DigestUpdate(digest.get(), framed.data(), framed.size()) == 1);
  }
  std::array<unsigned char, 32> hash{};
  OT_ASSERT(EVP_DigestFinal_ex(digest.get(), hash.data(), nullptr) == 1);
  return to_base64url({reinterpret_cast<const char*>(hash.data()), hash.size()});
}

std::string hmac(std::string_view secret, std::string_view data) {
  std::array<unsigned char, 32> mac{};
  unsigned size = 0;
  OT_ASSERT(HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()), bytes_of(data),
                 data.size(), mac.data(), &size) != nullptr);
  return {reinterpret_cast<const char*>(mac.data()), size};
}

const EVP_MD* digest_for(Algorithm algorithm) {
  return algorithm == Algorithm::rs256 ? EVP_sha256() : nullptr;  // Ed25519 has its own.
}

// ---- RSA

struct RsaMember {
  const char* jwk;
  const char* openssl;
};
constexpr std::array<RsaMember, 8> rsa_members{{{"n", OSSL_PKEY_PARAM_RSA_N},
                                                {"e", OSSL_PKEY_PARAM_RSA_E},
                                                {"d", OSSL_PKEY_PARAM_RSA_D},
                                                {"p", OSSL_PKEY_PARAM_RSA_FACTOR1},
                                                {"q", OSSL_PKEY_PARAM_RSA_FACTOR2},
                                                {"dp", OSSL_PKEY_PARAM_RSA_EXPONENT1},
                                                {"dq", OSSL_PKEY_PARAM_RSA_EXPONENT2},
                                                {"qi", OSSL_PKEY_PARAM_RSA_COEFFICIENT1}}};
constexpr std::size_t rsa_public_members = 2;

// The key made of the first `count` members; null where they are no key.
std::shared_ptr<EVP_PKEY> rsa_key(const Json& jwk, std::size_t count) {
  const Builder builder(OSSL_PARAM_BLD_new());
  std::array<Number, rsa_members.size()> numbers;
  for (std::size_t i = 0; i < count; ++i) {
    const auto bytes = bytes_member(jwk, rsa_members[i].jwk);
    if (!bytes) {
      return nullptr;
    }
    numbers[i].reset(BN_bin2bn(bytes_of(*bytes), static_cast<int>(bytes->size()), nullptr));
    OT_ASSERT(OSSL_PARAM_BLD_push_BN(builder.get(), rsa_members[i].openssl, numbers[i].get()) == 1);
  }
  const Params params(OSSL_PARAM_BLD_to_param(builder.get()));
  const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr));
  EVP_PKEY* key = nullptr;
  const int selection = count > rsa_public_members ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY;
  if (EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, selection, params.get()) != 1) {
    return nullptr;
  }
  return {key, &EVP_PKEY_free};
}

Json rsa_jwk(EVP_PKEY* key) {
  Json jwk = Json::object({{"kty", "RSA"}});
  for (const RsaMember& member : rsa_members) {
    BIGNUM* found = nullptr;
    OT_ASSERT(EVP_PKEY_get_bn_param(key, member.openssl, &found) == 1);
    const Number number(found);
    std::string bytes(static_cast<std::size_t>(BN_num_bytes(number.get())), '\0');
    BN_bn2bin(number.get(), reinterpret_cast<unsigned char*>(bytes.data()));
    jwk.set(member.jwk, to_base64url(bytes));
  }
  return jwk;
}

// ---- Ed25519

using GetRaw = int (*)(const EVP_PKEY*, unsigned char*, std::size_t*);

std::string raw(const EVP_PKEY* key, GetRaw get) {
  std::string bytes(ed25519_bytes, '\0');
  std::size_t size = bytes.size();
  OT_ASSERT(get(key, reinterpret_cast<unsigned char*>(bytes.data()), &size) == 1);
  return bytes;
}

std::string random_bytes(std::size_t count) {
  std::string bytes(count, '\0');
  OT_ASSERT(RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(count)) ==
            1);
  return bytes;
}

Json new_jwk(Algorithm algorithm) {
  switch (algorithm) {
    case Algorithm::hs256:
      return Json::object(
          {{"kty", "oct"}, {"k", Json(to_base64url(random_bytes(secret_bytes_min)))}});
    case Algorithm::rs256: {
      const std::shared_ptr<EVP_PKEY> key(EVP_RSA_gen(rsa_bits_min), &EVP_PKEY_free);
      OT_ASSERT(key != nullptr);
      return rsa_jwk(key.get());
    }
    case Algorithm::eddsa:
      break;
  }
  const std::string seed = random_bytes(ed25519_bytes);
  const std::shared_ptr<EVP_PKEY> key(
      EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, bytes_of(seed), seed.size()),
      &EVP_PKEY_free);
  return Json::object({{"kty", "OKP"},
                       {"crv", "Ed25519"},
                       {"x", Json(to_base64url(raw(key.get(), &EVP_PKEY_get_raw_public_key)))},
                       {"d", Json(to_base64url(seed))}});
}

}  // namespace

std::string_view algorithm_name(Algorithm algorithm) {
  switch (algorithm) {
    case Algorithm::hs256:
      return "HS256";
    case Algorithm::rs256:
      return "RS256";
    case Algorithm::eddsa:
      break;
  }
  return "EdDSA";
}

Result<Key> Key::from_jwk(const Json& jwk) {
  const auto kind = text_of(jwk, "kty");
  if (!kind) {
    return wrong("a key is an object with `kty`");
  }
  auto key = *kind == "oct"   ? read_secret(jwk)
             : *kind == "RSA" ? read_rsa(jwk)
             : *kind == "OKP" && text_of(jwk, "crv") == "Ed25519"
                 ? read_ed25519(jwk)
                 : ot::fail(Errc::unsupported, "keys of kind " + *kind + " are for no algorithm");
  if (!key) {
    return key;
  }
  if (const Json* name = jwk.find("alg");
      name != nullptr && text_of(jwk, "alg") != algorithm_name(key->algorithm_)) {
    return wrong("`alg` is not " + std::string(algorithm_name(key->algorithm_)) +
                 ", which this kind of key is for");
  }
  if (jwk.find("use") != nullptr && text_of(jwk, "use") != "sig") {
    return wrong("`use` is not sig");
  }
  if (jwk.find("kid") != nullptr && !text_of(jwk, "kid")) {
    return wrong("`kid` is no string");
  }
  key->id_ = text_of(jwk, "kid").value_or("");
  key->jwk_ = jwk;
  return key;
}

Result<Key> Key::read_secret(const Json& jwk) {
  auto secret = bytes_member(jwk, "k");
  if (!secret || secret->size() < secret_bytes_min) {
    return wrong("`k` is not base64url of at least 32 bytes");
  }
  Key key;
  key.algorithm_ = Algorithm::hs256;
  key.fingerprint_ = fingerprint_of({"oct", *secret});
  key.secret_ = std::move(*secret);
  key.has_private_ = true;
  return key;
}

Result<Key> Key::read_rsa(const Json& jwk) {
  const bool has_private = jwk.find("d") != nullptr;
  Key key;
  key.algorithm_ = Algorithm::rs256;
  key.pair_ = rsa_key(jwk, has_private ? rsa_members.size() : rsa_public_members);
  if (key.pair_ == nullptr) {
    return wrong("its members make no RSA key");
  }
  const int bits = EVP_PKEY_get_bits(key.pair_.get());
  const std::string exponent = *bytes_member(jwk, "e");
  if (bits < rsa_bits_min || bits > rsa_bits_max) {
    return wrong("`n` has " + std::to_string(bits) + " bits, not 2048 to 8192");
  }
  if (exponent.size() > 4 || (exponent.size() == 1 && exponent[0] < 3)) {
    return wrong("`e` is not between 3 and 2^32");
  }
  key.fingerprint_ = fingerprint_of({"RSA", *bytes_member(jwk, "n"), exponent});
  key.has_private_ = has_private;
  return key;
}

Result<Key> Key::read_ed25519(const Json& jwk) {
  const auto point = bytes_member(jwk, "x");
  if (!point || point->size() != ed25519_bytes) {
    return wrong("`x` is not base64url of 32 bytes");
  }
  Key key;
  key.algorithm_ = Algorithm::eddsa;
  key.has_private_ = jwk.find("d") != nullptr;
  if (key.has_private_) {
    const auto seed = bytes_member(jwk, "d");
    if (!seed || seed->size() != ed25519_bytes) {
      return wrong("`d` is not base64url of 32 bytes");
    }
    key.pair_.reset(
        EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, bytes_of(*seed), seed->size()),
        &EVP_PKEY_free);
    if (raw(key.pair_.get(), &EVP_PKEY_get_raw_public_key) != *point) {
      return wrong("`x` is not the public part of `d`");
    }
  } else {
    key.pair_.reset(
        EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytes_of(*point), point->size()),
        &EVP_PKEY_free);
  }
  key.fingerprint_ = fingerprint_of({"Ed25519", *point});
  return key;
}

Key Key::generate(Algorithm algorithm, std::string_view id) {
  Json jwk = new_jwk(algorithm);
  jwk.set("alg", algorithm_name(algorithm));
  jwk.set("use", "sig");
  jwk.set("kid", id);
  auto key = from_jwk(jwk);
  OT_ASSERT(key.has_value());
  return std::move(*key);
}

Result<Json> Key::public_jwk() const {
  if (algorithm_ == Algorithm::hs256) {
    return wrong("an HS256 key is a secret and has no public part");
  }
  Json jwk = jwk_;
  for (const char* member : {"d", "p", "q", "dp", "dq", "qi", "oth"}) {
    jwk.remove(member);
  }
  return jwk;
}

bool Key::verify(std::string_view data, std::string_view signature) const {
  if (algorithm_ == Algorithm::hs256) {
    const std::string mac = hmac(secret_, data);
    return signature.size() == mac.size() &&
           CRYPTO_memcmp(mac.data(), signature.data(), mac.size()) == 0;
  }
  const Digest context(EVP_MD_CTX_new());
  return EVP_DigestVerifyInit(context.get(), nullptr, digest_for(algorithm_), nullptr,
                              pair_.get()) == 1 &&
         EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(), bytes_of(data),
                          data.size()) == 1;
}

Result<std::string> Key::sign(std::string_view data) const {
  if (!has_private_) {
    return wrong("the key has no private part to sign with");
  }
  if (algorithm_ == Algorithm::hs256) {
    return hmac(secret_, data);
  }
  const Digest context(EVP_MD_CTX_new());
  std::size_t size = static_cast<std::size_t>(EVP_PKEY_get_size(pair_.get()));
  std::string signature(size, '\0');
  if (EVP_DigestSignInit(context.get(), nullptr, digest_for(algorithm_), nullptr, pair_.get()) !=
          1 ||
      EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                     bytes_of(data), data.size()) != 1) {
    return wrong("the key does not sign");
  }
  signature.resize(size);
  return signature;
}

}  // namespace segue::access
