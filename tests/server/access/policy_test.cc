#include "server/access/policy.h"

#include <string>

#include "server/access/rights.h"
#include "tests/server/access/support.h"

using namespace segue;
using access::Action;
using access::Pattern;
using access::Policy;
using test::json;

namespace {

bool matches(std::string_view pattern, std::string_view name, const ot::Json& claims = {}) {
  return Pattern::parse(pattern).value().matches(name, claims);
}

Policy policy(const std::string& rules) { return Policy::from_rules(json(rules)).value(); }

// The place of the rule that decides, from 1; 0: none.
std::size_t decisive(const Policy& rules, const char* claims, Action action,
                     std::string_view collection, std::string_view id) {
  const auto at = rules.decisive(json(claims), action, collection, id);
  return at ? *at + 1 : 0;
}

std::string mistake(const std::string& rules) {
  return Policy::from_rules(json(rules)).error().detail;
}

access::Decision explain(const char* file_rules, const char* claims, Action action) {
  access::Identity identity;
  identity.claims = json(claims);
  const auto rights =
      access::Rights::make(identity, std::make_shared<const Policy>(policy(file_rules))).value();
  const auto decision = rights->explain(action, "shows", "a");
  CHECK(rights->allow(action, "shows", "a") == decision.allowed);
  return {decision.allowed, nullptr, decision.place};
}

}  // namespace

TEST_CASE("pattern: without a star it is the name itself") {
  CHECK(matches("shows", "shows"));
  CHECK_FALSE(matches("shows", "show"));
  CHECK_FALSE(matches("shows", "showss"));
  CHECK_FALSE(matches("shows", "Shows"));
  CHECK_FALSE(matches("", "shows"));
}

TEST_CASE("pattern: a star stands for any text, also none") {
  CHECK(matches("*", ""));
  CHECK(matches("*", "a/b*c{d}"));
  CHECK(matches("a*", "a"));
  CHECK(matches("a*a", "aa"));
  CHECK_FALSE(matches("a*a", "a"));
  CHECK(matches("*b*", "abc"));
  CHECK_FALSE(matches("*b*", "ac"));
  CHECK(matches("a*b*c", "a-b-b-c"));
  CHECK_FALSE(matches("a*b*c", "a-c-b"));
  CHECK(matches("**", "x"));
  CHECK(matches("*ab*ab*", "ababab"));
  CHECK_FALSE(matches("*ab*ba", "aba"));
}

TEST_CASE("pattern: no other character is special") {
  CHECK(matches("a.b+[c]?\\", "a.b+[c]?\\"));
  CHECK_FALSE(matches("a.b", "axb"));
  CHECK_FALSE(matches("a?", "ab"));
}

TEST_CASE("pattern: a claim stands for its text, whatever that contains") {
  CHECK(matches("user-{sub}-*", "user-ann-1", json("{'sub':'ann'}")));
  CHECK_FALSE(matches("user-{sub}-*", "user-bob-1", json("{'sub':'ann'}")));
  CHECK_FALSE(matches("user-{sub}", "user-bob", json("{'sub':'*'}")));
  CHECK(matches("user-{sub}", "user-*", json("{'sub':'*'}")));
  CHECK(matches("{a}{b}", "xy", json("{'a':'x','b':'y'}")));
  CHECK_FALSE(matches("user-{sub}", "user-{sub}", json("{'sub':'ann'}")));
}

TEST_CASE("pattern: a claim that is missing or no text matches nothing") {
  for (const char* claims : {"{}", "{'team':7}", "{'team':['a']}", "{'team':null}"}) {
    for (const char* pattern : {"{team}", "*{team}*", "a{team}*", "*x{team}*y"}) {
      CHECK_FALSE(matches(pattern, "a7axxyy", json(claims)));
    }
  }
}

TEST_CASE("pattern: a brace without its other half is a mistake") {
  for (const char* bad : {"{", "}", "{}", "a{b", "a}b", "{a}}"}) {
    CAPTURE(bad);
    CHECK_FALSE(Pattern::parse(bad).has_value());
  }
}

TEST_CASE("pattern: many stars take no time worth mentioning") {
  std::string stars;
  for (int i = 0; i < 100; ++i) {
    stars += "*a";
  }
  CHECK_FALSE(matches(stars + "b", std::string(255, 'a')));
}

TEST_CASE("policy: the first rule that fits and lists the action decides") {
  const Policy rules = policy(
      "[{'collection':'shows','id':'secret','deny':['read']},"
      " {'who':{'groups':'editors'},'collection':'shows','allow':['read','write','create']},"
      " {'collection':'shows','allow':['read']},"
      " {'collection':'*','deny':['delete']}]");
  CHECK(decisive(rules, "{'groups':['editors']}", Action::write, "shows", "a") == 2);
  CHECK(decisive(rules, "{'groups':['editors']}", Action::read, "shows", "a") == 2);
  CHECK(decisive(rules, "{}", Action::read, "shows", "a") == 3);
  CHECK(decisive(rules, "{'groups':['editors']}", Action::read, "shows", "secret") == 1);
  CHECK(decisive(rules, "{'groups':['editors']}", Action::write, "shows", "secret") == 2);
  CHECK(decisive(rules, "{}", Action::remove, "plans", "a") == 4);
  CHECK(decisive(rules, "{}", Action::write, "shows", "a") == 0);
  CHECK(decisive(rules, "{}", Action::admin, "shows", "a") == 0);
}

TEST_CASE("policy: all conditions must hold, each by one of its values") {
  const Policy rules = policy(
      "[{'who':{'groups':['crew','staff'],'org':'acme','level':3,'active':true},"
      "  'collection':'*','allow':['read']}]");
  const auto fits = [&](const char* claims) {
    return decisive(rules, claims, Action::read, "c", "d") == 1;
  };
  CHECK(fits("{'groups':['x','staff'],'org':'acme','level':3,'active':true}"));
  CHECK(fits("{'groups':'crew','org':['acme'],'level':3,'active':[true]}"));
  CHECK_FALSE(fits("{'groups':['x'],'org':'acme','level':3,'active':true}"));
  CHECK_FALSE(fits("{'groups':['crew'],'level':3,'active':true}"));
  CHECK_FALSE(fits("{'groups':['crew'],'org':'acme','level':'3','active':true}"));
  CHECK_FALSE(fits("{'groups':[['crew']],'org':'acme','level':3,'active':true}"));
  CHECK_FALSE(fits("{'groups':{'crew':1},'org':'acme','level':3,'active':true}"));
}

TEST_CASE("policy: each mistake in a rule is named with its place") {
  CHECK(mistake("{}") == "`rules` is no list of at most 1000 rules");
  CHECK(mistake("[7]") == "rule 1: a rule is an object");
  CHECK(mistake("[{'collection':'a','allow':['read']},{'allow':['read']}]") ==
        "rule 2: `collection` is no pattern");
  CHECK(mistake("[{'collection':'{','allow':['read']}]") ==
        "rule 1: `collection`: `{` without the name of a claim and `}`");
  CHECK(mistake("[{'collection':'a','id':7,'allow':['read']}]") == "rule 1: `id` is no pattern");
  CHECK(mistake("[{'collection':'a'}]") == "rule 1: a rule has either `allow` or `deny`");
  CHECK(mistake("[{'collection':'a','allow':['read'],'deny':['read']}]") ==
        "rule 1: a rule has either `allow` or `deny`");
  CHECK(mistake("[{'collection':'a','allow':[]}]") ==
        "rule 1: `allow` and `deny` are lists of actions");
  CHECK(mistake("[{'collection':'a','allow':['Read']}]") ==
        "rule 1: an action is one of read, write, create, delete, admin");
  CHECK(mistake("[{'collection':'a','who':'ann','allow':['read']}]") ==
        "rule 1: `who` is no object");
  CHECK(mistake("[{'collection':'a','who':{'x':null},'allow':['read']}]") ==
        "rule 1: `who`: a value of `x` is no text, number or bool");
  CHECK(mistake("[{'collection':'a','doc':'b','allow':['read']}]") ==
        "rule 1: `doc` is no part of a rule");
}

TEST_CASE("policy: a file is an object with a list of rules and nothing else") {
  CHECK(Policy::from_json(json("{'rules':[]}")).has_value());
  for (const char* bad : {"[]", "{}", "{'rules':{}}", "{'rules':[],'x':1}"}) {
    CHECK_FALSE(Policy::from_json(json(bad)).has_value());
  }
}

TEST_CASE("rights: the rules of the policy come before those of the token") {
  const char* own = "{'rules':[{'collection':'*','allow':['read','write']}]}";
  const char* denying =
      "[{'collection':'plans','allow':['read']},"
      " {'collection':'shows','deny':['write']}]";
  CHECK(explain(denying, own, Action::read).place == "rule 1 of the token");
  CHECK(explain(denying, own, Action::read).allowed);
  CHECK(explain(denying, own, Action::write).place == "rule 2 of the policy");
  CHECK_FALSE(explain(denying, own, Action::write).allowed);
}

TEST_CASE("rights: what no rule speaks of is denied") {
  CHECK_FALSE(explain("[]", "{}", Action::read).allowed);
  CHECK(explain("[]", "{}", Action::read).place.empty());
}

TEST_CASE("rights: a token with a mistake in its rules is refused") {
  access::Identity identity;
  identity.claims = json("{'rules':[{'collection':'*'}]}");
  const auto rights = access::Rights::make(identity, std::make_shared<const Policy>());
  REQUIRE_FALSE(rights.has_value());
  CHECK(rights.error().code == ot::Errc::unauthorized);
  CHECK(rights.error().detail ==
        "the token's `rules`: rule 1: a rule has either `allow` or `deny`");
}
