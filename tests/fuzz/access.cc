// What decides who comes in: tokens, keys, rules, patterns, revocations, as anybody might write
// them.
//
// Input: text; a NUL parts a pattern from a name.
#include <algorithm>
#include <string>

#include "ot/json_text.h"
#include "server/access/base64url.h"
#include "server/access/pattern.h"
#include "server/access/policy.h"
#include "server/access/revocations.h"
#include "server/access/token.h"
#include "tests/fuzz/fuzz.h"

using namespace segue;
using namespace segue::fuzz;
using ot::Json;

namespace {

const access::KeySet& keys() {
  static const access::KeySet set = [] {
    const Json secret = Json::object({{"kty", "oct"}, {"k", Json(std::string(43, 'A'))}});
    return access::KeySet::from_json(Json::object({{"keys", Json::array({secret})}})).value();
  }();
  return set;
}

// Whether a pattern without claims matches, tried out in every way.
bool matches(std::string_view pattern, std::string_view name) {
  if (pattern.empty()) return name.empty();
  if (pattern[0] != '*') {
    return !name.empty() && name[0] == pattern[0] && matches(pattern.substr(1), name.substr(1));
  }
  return matches(pattern.substr(1), name) || (!name.empty() && matches(pattern, name.substr(1)));
}

void check_pattern(std::string_view text) {
  const std::size_t nul = std::min(text.find('\0'), text.size());
  const std::string_view name = text.substr(std::min(nul + 1, text.size()));
  const std::string_view pattern = text.substr(0, nul);
  const auto parsed = access::Pattern::parse(pattern);
  const bool plain = pattern.find_first_of("{}") == pattern.npos;
  expect(parsed.has_value() || !plain, "only braces can be wrong in a pattern");
  if (parsed && plain && std::count(pattern.begin(), pattern.end(), '*') < 4 && name.size() < 50) {
    expect(parsed->matches(name, Json::object()) == matches(pattern, name),
           "a star stands for any text, and nothing else does");
  }
}

void check_json(const Json& json) {
  if (auto policy = access::Policy::from_rules(json)) {
    for (const access::Rule& rule : policy->rules()) {
      expect(access::Rule::from_json(*ot::parse_json(rule.text())).has_value(),
             "a rule is read back from its text");
    }
    const auto at = policy->decisive(json, access::Action::read, "c", "d");
    expect(!at || *at < policy->rules().size(), "only a rule decides");
  }
  if (const auto key = access::Key::from_jwk(json)) {
    expect(!key->verify("data", "signature"), "nothing is signed by chance");
  }
  if (const auto identity = access::read_claims(json, {}, 1000)) {
    expect(!identity->author.empty() && identity->author != "anonymous", "an author has a name");
    expect(identity->expires_s > 1000, "what has expired is refused");
  }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = text_of(data, size);
  if (const auto bytes = access::from_base64url(text)) {
    expect(access::to_base64url(*bytes) == text, "there is one text for the same bytes");
  }
  expect(!access::check_token(text, keys(), {}, 1000), "nobody signs by chance");
  check_pattern(text);
  if (const auto revoked = access::Revocations::parse(text)) {
    expect(!revoked->cover({}) || text.find("\"jti\"") != text.npos ||
               text.find("\"sub\"") != text.npos || text.find('\\') != text.npos,
           "what is not named is not revoked");
  }
  if (const auto json = ot::parse_json(text)) check_json(*json);
  return 0;
}
