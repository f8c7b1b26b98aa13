#include "server/access/token.h"

#include <string>
#include <vector>

#include "tests/server/access/support.h"

using namespace segue;
using access::Algorithm;
using access::check_token;
using access::Expected;
using access::Key;
using test::claims_of;
using test::now_s;
using test::signed_as;

namespace {

// One key of each algorithm, as a server has them.
struct Keys {
  Key secret = Key::generate(Algorithm::hs256, "h");
  Key rsa = Key::generate(Algorithm::rs256, "r");
  Key ed25519 = Key::generate(Algorithm::eddsa, "e");
  access::KeySet set = test::key_set({secret, rsa, ed25519});
};

const Keys& keys() {
  static const Keys made;
  return made;
}

std::string refusal(std::string_view token, const Expected& expected = {}) {
  const auto identity = check_token(token, keys().set, expected, now_s);
  REQUIRE_FALSE(identity.has_value());
  CHECK(identity.error().code == ot::Errc::unauthorized);
  return identity.error().detail;
}

std::string with_claim(std::string_view name, ot::Json value) {
  ot::Json claims = claims_of("ann");
  claims.set(name, std::move(value));
  return access::make_token(claims, keys().ed25519).value();
}

std::string claims_text() { return ot::json_text(claims_of("ann")); }

const std::string honest_header = R"({"alg":"EdDSA","kid":"e"})";

}  // namespace

TEST_CASE("token: one of each algorithm names its author and key") {
  for (const Key* key : {&keys().secret, &keys().rsa, &keys().ed25519}) {
    CAPTURE(access::algorithm_name(key->algorithm()));
    const auto token = access::make_token(claims_of("ann"), *key);
    const auto identity = check_token(*token, keys().set, {}, now_s);
    REQUIRE(identity.has_value());
    CHECK(identity->author == "ann");
    CHECK(identity->expires_s == now_s + 3600);
    CHECK(identity->issued_s == now_s);
    CHECK(identity->token_id == "t1");
    CHECK(identity->key == key->fingerprint());
    CHECK(identity->claims == claims_of("ann"));
  }
}

TEST_CASE("token: without a kid every key of its algorithm is tried") {
  const Key old = Key::generate(Algorithm::eddsa, "old");
  const auto both = test::key_set({Key::generate(Algorithm::eddsa, "new"), keys().secret, old});
  const std::string token = signed_as(R"({"alg":"EdDSA"})", claims_text(), old);
  CHECK(check_token(token, both, {}, now_s)->key == old.fingerprint());
}

TEST_CASE("token: one without a signature is refused, however it spells `none`") {
  for (const char* none : {"none", "None", "NONE", "nOnE", ""}) {
    const std::string header = std::string(R"({"alg":")") + none + "\"}";
    const std::string text =
        access::to_base64url(header) + '.' + access::to_base64url(claims_text());
    CHECK(refusal(text + '.') == "no key for the token's algorithm made its signature");
    CHECK(refusal(text + ".AAAA") == "no key for the token's algorithm made its signature");
    CHECK(refusal(text) == "not a token in three parts");
  }
  CHECK(refusal(signed_as("{}", claims_text(), keys().ed25519)) == "the token is not signed");
  CHECK(refusal(signed_as(R"({"alg":["EdDSA"]})", claims_text(), keys().ed25519)) ==
        "the token is not signed");
}

TEST_CASE("token: a public key is never taken for a secret") {
  for (const Key* open : {&keys().rsa, &keys().ed25519}) {
    const ot::Json jwk = open->public_jwk().value();
    for (const std::string& known :
         {ot::json_text(jwk), jwk.find(open == &keys().rsa ? "n" : "x")->str()}) {
      ot::Json forged = ot::Json::object({{"kty", "oct"}});
      forged.set("k", access::to_base64url(known));
      const Key forger = Key::from_jwk(forged).value();
      for (const std::string& header :
           {R"({"alg":"HS256","kid":")" + open->id() + "\"}", std::string(R"({"alg":"HS256"})"),
            R"({"alg":"EdDSA","kid":")" + open->id() + "\"}"}) {
        CAPTURE(header);
        CHECK(refusal(signed_as(header, claims_text(), forger)) ==
              "no key for the token's algorithm made its signature");
      }
    }
  }
}

TEST_CASE("token: the algorithm is the key's, whatever the token claims") {
  for (const char* header : {R"({"alg":"RS256","kid":"e"})", R"({"alg":"HS256","kid":"e"})",
                             R"({"alg":"eddsa","kid":"e"})", R"({"alg":"ES256","kid":"e"})",
                             R"({"alg":"EdDSA ","kid":"e"})"}) {
    CAPTURE(header);
    CHECK(refusal(signed_as(header, claims_text(), keys().ed25519)) ==
          "no key for the token's algorithm made its signature");
  }
}

TEST_CASE("token: a key it brings along or points to counts for nothing") {
  const Key own = Key::generate(Algorithm::eddsa, "e");
  const std::string jwk = ot::json_text(own.public_jwk().value());
  const std::string more[] = {R"("jwk":)" + jwk, R"("jku":"https://evil.example/keys")",
                              R"("x5u":"file:///etc/passwd")", R"("x5c":["AA"])"};
  for (const std::string& member : more) {
    CHECK(refusal(signed_as(R"({"alg":"EdDSA",)" + member + "}", claims_text(), own)) ==
          "no key for the token's algorithm made its signature");
  }
}

TEST_CASE("token: a kid is a name and nothing else") {
  for (const char* kid : {"../../x", "' OR 1=1 --", "/dev/null", "E", "", "\\u0000"}) {
    const std::string header = std::string(R"({"alg":"EdDSA","kid":")") + kid + "\"}";
    CAPTURE(header);
    CHECK(refusal(signed_as(header, claims_text(), keys().ed25519)) ==
          "the token names a key that is not known");
  }
  CHECK(refusal(signed_as(R"({"alg":"EdDSA","kid":7})", claims_text(), keys().ed25519)) ==
        "the token names a key that is not known");
}

TEST_CASE("token: critical extensions and tokens of other types are refused") {
  CHECK(refusal(signed_as(R"({"alg":"EdDSA","crit":["exp"]})", claims_text(), keys().ed25519)) ==
        "the token has critical extensions, which are not understood");
  for (const char* type : {R"("logout+jwt")", R"("")", "7", "null"}) {
    const std::string header = std::string(R"({"alg":"EdDSA","typ":)") + type + "}";
    CHECK(refusal(signed_as(header, claims_text(), keys().ed25519)) ==
          "the token is of another type");
  }
  for (const char* type : {"JWT", "jwt", "at+jwt", "AT+JWT"}) {
    const std::string header = std::string(R"({"alg":"EdDSA","typ":")") + type + "\"}";
    CHECK(check_token(signed_as(header, claims_text(), keys().ed25519), keys().set, {}, now_s));
  }
}

TEST_CASE("token: any change to its text is noticed") {
  const std::string token = access::make_token(claims_of("ann"), keys().ed25519).value();
  for (std::size_t i = 0; i < token.size(); ++i) {
    std::string changed = token;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    CHECK_FALSE(check_token(changed, keys().set, {}, now_s).has_value());
  }
  for (std::size_t length = 0; length < token.size(); ++length) {
    CHECK_FALSE(check_token(token.substr(0, length), keys().set, {}, now_s).has_value());
  }
  for (const char* more : {"A", ".", "=", " ", "\n"}) {
    CHECK_FALSE(check_token(token + more, keys().set, {}, now_s).has_value());
    CHECK_FALSE(check_token(more + token, keys().set, {}, now_s).has_value());
  }
}

TEST_CASE("token: two signatures, more parts and JSON instead are refused") {
  const std::string token = access::make_token(claims_of("ann"), keys().ed25519).value();
  CHECK(refusal(token + token.substr(token.rfind('.'))) == "not a token in three parts");
  CHECK(refusal(R"({"payload":"e30","signatures":[{},{}]})") == "not a token in three parts");
  CHECK(refusal("") == "not a token in three parts");
  CHECK(refusal("..") == "the token's header is no acceptable JSON object");
}

TEST_CASE("token: one of a byte too many is refused before it is looked at") {
  const std::string token = access::make_token(claims_of("ann"), keys().secret).value();
  ot::Json claims = claims_of("ann");
  claims.set("x", std::string((access::token_bytes_max - token.size()) / 4 * 3 - 8, 'x'));
  const std::string large = access::make_token(claims, keys().secret).value();
  REQUIRE(large.size() <= access::token_bytes_max);
  CHECK(check_token(large, keys().set, {}, now_s).has_value());
  const std::string larger = large + std::string(access::token_bytes_max + 1 - large.size(), 'A');
  CHECK(refusal(larger) == "the token is larger than 8192 bytes");
  CHECK(refusal(std::string(1u << 20, '.')) == "the token is larger than 8192 bytes");
}

TEST_CASE("token: claims that are no plain JSON object are refused although they are signed") {
  std::string deep;
  for (int i = 0; i < 17; ++i) {
    deep += R"({"a":)";
  }
  deep += "1" + std::string(17, '}');
  const std::string twice = R"({"sub":"ann","sub":"bob","exp":1900000000})";
  for (const std::string& claims : {std::string("[]"), std::string("null"), std::string(), deep,
                                    twice, std::string("{\"sub\":\"\xff\",\"exp\":1900000000}"),
                                    std::string(R"({"sub":"ann","exp":1e999})")}) {
    CAPTURE(claims);
    CHECK(refusal(signed_as(honest_header, claims, keys().ed25519)) ==
          "the token's claims is no acceptable JSON object");
  }
  CHECK(refusal(signed_as(R"({"alg":"none","alg":"EdDSA"})", claims_text(), keys().ed25519)) ==
        "the token's header is no acceptable JSON object");
}

TEST_CASE("token: it is in force from nbf until exp") {
  CHECK(refusal(with_claim("exp", now_s)) == "the token has expired");
  CHECK(refusal(with_claim("exp", 0)) == "the token has expired");
  CHECK(check_token(with_claim("exp", now_s + 0.5), keys().set, {}, now_s).has_value());
  CHECK(refusal(with_claim("nbf", now_s + 6)) == "the token is not valid yet");
  CHECK(check_token(with_claim("nbf", now_s + 5), keys().set, {}, now_s).has_value());
}

TEST_CASE("token: times that are none are refused") {
  for (const char* name : {"exp", "nbf", "iat"}) {
    for (const char* value : {"'1900000000'", "-1", "null", "true", "[1900000000]"}) {
      CHECK(refusal(with_claim(name, test::json(value))) ==
            "the token's `" + std::string(name) + "` is no time");
    }
  }
  ot::Json claims = claims_of("ann");
  claims.remove("exp");
  CHECK(refusal(access::make_token(claims, keys().secret).value()) ==
        "the token does not say when it expires");
}

TEST_CASE("token: its author is a printable name, and not the anonymous one") {
  for (const ot::Json& name :
       {ot::Json(""), ot::Json("anonymous"), ot::Json(7), ot::Json(), ot::Json("a\nb"),
        ot::Json("a\x7f"), ot::Json(std::string("a\0b", 3)), ot::Json(std::string(256, 'a')),
        ot::Json("\xed\xa0\x80")}) {
    CHECK(refusal(with_claim("sub", name)) == "the token names no author in `sub`");
  }
  CHECK(check_token(with_claim("sub", std::string(255, 'a')), keys().set, {}, now_s).has_value());
  CHECK(check_token(with_claim("sub", "Åsa Öberg"), keys().set, {}, now_s)->author == "Åsa Öberg");
}

TEST_CASE("token: one for another audience or from another issuer is refused") {
  const Expected shows{"shows", true, "https://id.example"};
  ot::Json claims = claims_of("ann");
  const auto token = [&claims] { return access::make_token(claims, keys().secret).value(); };
  CHECK(refusal(token(), shows) == "the token is not for the audience shows");
  claims.set("aud", "segue");
  CHECK(check_token(token(), keys().set, {}, now_s).has_value());
  CHECK(refusal(token(), shows) == "the token is not for the audience shows");
  claims.set("aud", test::json("['other','shows']"));
  CHECK(refusal(token()) == "the token is not for the audience segue");
  CHECK(refusal(token(), shows) == "the token is not from the issuer https://id.example");
  claims.set("iss", "https://id.example");
  CHECK(check_token(token(), keys().set, shows, now_s).has_value());
  claims.set("aud", test::json("[['shows']]"));
  CHECK(refusal(token(), shows) == "the token is not for the audience shows");
}

TEST_CASE("token: its id is a name if it has one") {
  CHECK(refusal(with_claim("jti", 7)) == "the token's `jti` is no name");
  CHECK(refusal(with_claim("jti", "")) == "the token's `jti` is no name");
  CHECK(refusal(with_claim("jti", std::string(256, 'a'))) == "the token's `jti` is no name");
}
