#include "server/access/key.h"

#include "tests/server/access/support.h"

using namespace segue;
using access::Algorithm;
using access::Key;
using access::KeySet;

namespace {

const Algorithm all_algorithms[] = {Algorithm::hs256, Algorithm::rs256, Algorithm::eddsa};

std::string why_not(const ot::Json& jwk) { return Key::from_jwk(jwk).error().detail; }

ot::Json without(ot::Json jwk, std::string_view member) {
  jwk.remove(member);
  return jwk;
}

ot::Json with(ot::Json jwk, std::string_view member, ot::Json value) {
  jwk.set(member, std::move(value));
  return jwk;
}

}  // namespace

TEST_CASE("base64url: every length comes back, and there is one text for it") {
  for (std::size_t length = 0; length < 40; ++length) {
    std::string bytes(length, '\xfb');
    CHECK(access::from_base64url(access::to_base64url(bytes)) == bytes);
  }
  CHECK(access::to_base64url("\xfb\xff") == "-_8");
  for (const char* bad : {"A", "-_8=", "-_9", "+/8", "AA AA", "AA\nAA", "AB", "AAAAA"}) {
    CAPTURE(bad);
    CHECK(access::from_base64url(bad) == std::nullopt);
  }
}

TEST_CASE("key: what it signs it verifies, and nothing else") {
  for (const Algorithm algorithm : all_algorithms) {
    CAPTURE(access::algorithm_name(algorithm));
    const Key key = Key::generate(algorithm, "a");
    std::string signature = key.sign("data").value();
    CHECK(key.verify("data", signature));
    CHECK_FALSE(key.verify("Data", signature));
    CHECK_FALSE(key.verify("data", ""));
    CHECK_FALSE(key.verify("data", signature.substr(1)));
    CHECK_FALSE(Key::generate(algorithm, "a").verify("data", signature));
    signature.back() = static_cast<char>(signature.back() ^ 1);
    CHECK_FALSE(key.verify("data", signature));
  }
}

TEST_CASE("key: read from its JWK it is the same key") {
  for (const Algorithm algorithm : all_algorithms) {
    CAPTURE(access::algorithm_name(algorithm));
    const Key key = Key::generate(algorithm, "a");
    const auto again = Key::from_jwk(key.jwk());
    REQUIRE(again.has_value());
    CHECK(again->id() == "a");
    CHECK(again->algorithm() == algorithm);
    CHECK(again->fingerprint() == key.fingerprint());
    CHECK(key.verify("data", again->sign("data").value()));
  }
}

TEST_CASE("key: the public part verifies and cannot sign, and a secret has none") {
  for (const Algorithm algorithm : {Algorithm::rs256, Algorithm::eddsa}) {
    const Key key = Key::generate(algorithm, "a");
    const auto open = Key::from_jwk(key.public_jwk().value());
    REQUIRE(open.has_value());
    CHECK(open->jwk().find("d") == nullptr);
    CHECK(open->fingerprint() == key.fingerprint());
    CHECK(open->verify("data", key.sign("data").value()));
    CHECK_FALSE(open->sign("data").has_value());
  }
  CHECK_FALSE(Key::generate(Algorithm::hs256, "a").public_jwk().has_value());
}

TEST_CASE("key: the examples of RFC 8037 and RFC 7515 verify") {
  const auto ed25519 = Key::from_jwk(test::json(
      "{'kty':'OKP','crv':'Ed25519','x':'11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo'}"));
  CHECK(ed25519->verify(
      "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc",
      *access::from_base64url("hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsP"
                              "t9g7sVvpAr_MuM0KAg")));
  const auto secret = Key::from_jwk(
      test::json("{'kty':'oct','k':'AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75"
                 "aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow'}"));
  CHECK(
      secret->verify("eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4"
                     "MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ",
                     *access::from_base64url("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")));
}

TEST_CASE("key: each mistake in a JWK is named") {
  const ot::Json ed25519 = Key::generate(Algorithm::eddsa, "a").jwk();
  const ot::Json rsa = Key::generate(Algorithm::rs256, "a").jwk();
  const ot::Json secret = Key::generate(Algorithm::hs256, "a").jwk();
  CHECK(why_not(test::json("{}")) == "a key is an object with `kty`");
  CHECK(why_not(test::json("7")) == "a key is an object with `kty`");
  CHECK(why_not(with(ed25519, "alg", "RS256")) ==
        "`alg` is not EdDSA, which this kind of key is for");
  CHECK(why_not(with(rsa, "alg", "none")) == "`alg` is not RS256, which this kind of key is for");
  CHECK(why_not(with(secret, "use", "enc")) == "`use` is not sig");
  CHECK(why_not(with(secret, "kid", 7)) == "`kid` is no string");
  CHECK(why_not(with(secret, "k", "c2hvcnQ")) == "`k` is not base64url of at least 32 bytes");
  CHECK(why_not(without(ed25519, "x")) == "`x` is not base64url of 32 bytes");
  CHECK(why_not(with(ed25519, "d", "AA")) == "`d` is not base64url of 32 bytes");
  CHECK(why_not(with(ed25519, "x", Key::generate(Algorithm::eddsa, "").jwk().find("x")->str())) ==
        "`x` is not the public part of `d`");
  CHECK(why_not(without(rsa, "n")) == "its members make no RSA key");
  CHECK(why_not(without(rsa, "qi")) == "its members make no RSA key");
  CHECK(why_not(with(without(rsa, "d"), "n", "u7u7")) == "`n` has 24 bits, not 2048 to 8192");
  CHECK(why_not(with(without(rsa, "d"), "e", "AQ")) == "`e` is not between 3 and 2^32");
}

TEST_CASE("key set: keys of other kinds are skipped, two of one name are a mistake") {
  const Key key = Key::generate(Algorithm::eddsa, "a");
  ot::Json list = ot::Json::array({test::json("{'kty':'EC','crv':'P-256'}"), key.jwk()});
  const auto set = KeySet::from_json(ot::Json::object({{"keys", list}}));
  REQUIRE(set.has_value());
  CHECK(set->keys().size() == 1);
  CHECK(set->find("a") != nullptr);
  CHECK(set->find("b") == nullptr);
  CHECK(set->contains(key.fingerprint()));
  list.push_back(key.jwk());
  CHECK(KeySet::from_json(ot::Json::object({{"keys", list}})).error().detail ==
        "two keys have the `kid` a");
}

TEST_CASE("key set: one that is empty, no list or too long is refused") {
  CHECK_FALSE(KeySet::from_json(test::json("{}")).has_value());
  CHECK_FALSE(KeySet::from_json(test::json("{'keys':{}}")).has_value());
  CHECK_FALSE(KeySet::from_json(test::json("{'keys':[]}")).has_value());
  ot::Json list = ot::Json::array();
  for (int i = 0; i < 33; ++i) {
    list.push_back(Key::generate(Algorithm::hs256, std::to_string(i)).jwk());
  }
  CHECK_FALSE(KeySet::from_json(ot::Json::object({{"keys", list}})).has_value());
  list.erase(0);
  CHECK(KeySet::from_json(ot::Json::object({{"keys", list}})).has_value());
}
