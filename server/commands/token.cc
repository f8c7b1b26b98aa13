// segue token: makes keys and access tokens, and checks tokens.

#include <cmath>
#include <cstdio>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "ot/json_text.h"
#include "server/access/policy.h"
#include "server/commands/access_options.h"
#include "server/commands/commands.h"
#include "server/commands/tool.h"
#include "server/entry_text.h"
#include "server/random_id.h"

namespace segue::server {

namespace {

using access::Algorithm;
using access::Key;
using ot::Json;
using ot::Result;

int fail_usage(const std::string& why) {
  std::fprintf(stderr, "segue: %s\n", why.c_str());
  return exit_usage;
}

// A file that cannot be read, or that says something wrong.
int report_file(const ot::Error& error) {
  return error.code == ot::Errc::log_io ? report(error) : fail_usage(error.detail);
}

int print_keys(const std::vector<Json>& keys) {
  std::printf("%s\n", ot::json_text(Json::object({{"keys", Json::array(keys)}})).c_str());
  return exit_ok;
}

// ---- key

struct KeyArguments {
  std::string algorithm = "EdDSA";
  std::string id;
  std::string public_of;
};

int make_key(const KeyArguments& arguments) {
  Algorithm chosen = Algorithm::eddsa;
  for (const Algorithm algorithm : {Algorithm::hs256, Algorithm::rs256}) {
    chosen = access::algorithm_name(algorithm) == arguments.algorithm ? algorithm : chosen;
  }
  const std::string id = arguments.id.empty() ? random_id().substr(0, 8) : arguments.id;
  return print_keys({Key::generate(chosen, id).jwk()});
}

int print_public_keys(const std::string& path) {
  const auto set = access::load_keys(path);
  if (!set) {
    return report_file(set.error());
  }
  std::vector<Json> keys;
  for (const Key& key : set->keys()) {
    auto open = key.public_jwk();
    if (!open) {
      return fail_usage(path + ": " + open.error().detail);
    }
    keys.push_back(std::move(*open));
  }
  return print_keys(keys);
}

void add_key(CLI::App& token, Run& run) {
  auto arguments = std::make_shared<KeyArguments>();
  CLI::App* command = token.add_subcommand("key", "Print a new key, as a JWK set");
  command->add_option("--alg", arguments->algorithm, "EdDSA, RS256 or HS256")
      ->check(CLI::IsMember({"EdDSA", "RS256", "HS256"}))
      ->capture_default_str();
  command->add_option("--kid", arguments->id, "Its id")->default_str("random");
  command
      ->add_option("--public", arguments->public_of,
                   "Instead print the public keys in this file: all that a server needs")
      ->type_name("FILE");
  command->callback([arguments, &run] {
    run = [arguments] {
      return arguments->public_of.empty() ? make_key(*arguments)
                                          : print_public_keys(arguments->public_of);
    };
  });
}

// ---- make

struct MakeArguments {
  std::string keys;
  std::string key_id;
  std::string author;
  double valid_s = 3600;
  std::string audience;
  std::string issuer;
  std::vector<std::string> claims;
  std::vector<std::string> allow;
};

// NAME=VALUE, the value as JSON, or as text if it does not begin like JSON of more than one word.
Result<void> add_claim(const std::string& text, Json& claims) {
  const std::size_t equals = text.find('=');
  if (equals == text.npos || equals == 0) {
    return ot::fail(ot::Errc::uncoded, "--claim is NAME=VALUE");
  }
  const std::string value = text.substr(equals + 1);
  auto json = ot::parse_json(value);
  if (!json && value.find_first_of("[{\"") == 0) {
    return ot::fail(ot::Errc::uncoded, "--claim " + text + ": " + json.error().detail);
  }
  claims.set(text.substr(0, equals), json ? std::move(*json) : Json(value));
  return {};
}

// ACTION,...:COLLECTION[/ID] as a rule.
Result<Json> rule_of(const std::string& text) {
  const std::size_t colon = text.find(':');
  if (colon == text.npos) {
    return ot::fail(ot::Errc::uncoded, "--allow is ACTION,...:COLLECTION[/ID]");
  }
  Json actions = Json::array();
  for (const std::string& action : CLI::detail::split(text.substr(0, colon), ',')) {
    actions.push_back(action);
  }
  const std::string name = text.substr(colon + 1);
  const std::size_t slash = name.find('/');
  Json rule = Json::object({{"collection", Json(name.substr(0, slash))}});
  if (slash != name.npos) {
    rule.set("id", name.substr(slash + 1));
  }
  rule.set("allow", std::move(actions));
  return rule;
}

Result<Json> claims_of(const MakeArguments& arguments) {
  const double now_s = std::floor(seconds_now());
  Json claims = Json::object({{"sub", Json(arguments.author)},
                              {"iat", Json(now_s)},
                              {"exp", Json(now_s + arguments.valid_s)},
                              {"jti", Json(random_id())}});
  if (!arguments.audience.empty()) {
    claims.set("aud", arguments.audience);
  }
  if (!arguments.issuer.empty()) {
    claims.set("iss", arguments.issuer);
  }
  for (const std::string& claim : arguments.claims) {
    if (auto added = add_claim(claim, claims); !added) {
      return ot::fail(added.error());
    }
  }
  Json rules = Json::array();
  for (const std::string& allowed : arguments.allow) {
    auto rule = rule_of(allowed);
    if (!rule) {
      return rule;
    }
    rules.push_back(std::move(*rule));
  }
  if (rules.size() > 0) {
    claims.set("rules", std::move(rules));
  }
  return claims;
}

const Key* signing_key(const access::KeySet& set, const std::string& id) {
  if (!id.empty()) {
    return set.find(id);
  }
  for (const Key& key : set.keys()) {
    if (key.can_sign()) {
      return &key;
    }
  }
  return nullptr;
}

int make(const MakeArguments& arguments) {
  const auto set = access::load_keys(arguments.keys);
  if (!set) {
    return report_file(set.error());
  }
  const Key* key = signing_key(*set, arguments.key_id);
  if (key == nullptr) {
    return fail_usage(arguments.keys + " has no such key to sign with");
  }
  const auto claims = claims_of(arguments);
  if (!claims) {
    return fail_usage(claims.error().detail);
  }
  const auto token = access::make_token(*claims, *key);
  if (!token) {
    return fail_usage(token.error().detail);
  }
  // What no server would take is not worth printing.
  access::Expected meant;
  meant.audience = arguments.audience;
  auto checked = access::check_token(*token, *set, meant, std::floor(seconds_now()));
  const auto rights = checked ? access::Rights::make(*checked, std::make_shared<access::Policy>())
                              : ot::fail(checked.error());
  if (!rights) {
    return fail_usage(rights.error().detail);
  }
  std::printf("%s\n", token->c_str());
  return exit_ok;
}

void add_make(CLI::App& token, Run& run) {
  auto arguments = std::make_shared<MakeArguments>();
  CLI::App* command = token.add_subcommand("make", "Print a token");
  command->add_option("--keys", arguments->keys, "JWK set with a private key")
      ->type_name("FILE")
      ->required();
  command->add_option("--kid", arguments->key_id, "The key to sign with")
      ->default_str("the first that can");
  command->add_option("--sub", arguments->author, "The author")->required();
  command->add_option("--for", arguments->valid_s, "How long it is valid, such as 30s, 8h, 7d")
      ->transform(CLI::AsNumberWithUnit(
          std::map<std::string, double>{{"s", 1}, {"m", 60}, {"h", 3600}, {"d", 86400}}))
      ->default_str("1h");
  command->add_option("--audience", arguments->audience, "Whom it is for");
  command->add_option("--issuer", arguments->issuer, "Who made it");
  command->add_option("--claim", arguments->claims, "NAME=JSON: another claim; repeatable");
  command->add_option("--allow", arguments->allow,
                      "ACTION,...:COLLECTION[/ID]: a rule of its own; repeatable");
  command->callback([arguments, &run] { run = [arguments] { return make(*arguments); }; });
}

// ---- check

int check(const TokenCheck& how, std::string token, bool json) {
  if (token == "-") {
    std::getline(std::cin, token);
  }
  const auto identity = how.check(token);
  if (!identity && identity.error().code != ot::Errc::unauthorized) {
    return report_file(identity.error());
  }
  if (json) {
    Json result = Json::object({{"valid", identity.has_value()}});
    identity ? result.set("claims", identity->claims)
             : result.set("reason", identity.error().detail);
    std::printf("%s\n", ot::json_text(result).c_str());
  } else if (identity) {
    std::printf("valid until %s\n%s\n",
                utc(static_cast<std::int64_t>(identity->expires_s * 1000)).c_str(),
                ot::json_text(identity->claims).c_str());
  } else {
    std::printf("refused: %s\n", identity.error().detail.c_str());
  }
  return identity ? exit_ok : exit_finding;
}

void add_check(CLI::App& token, Run& run) {
  CLI::App* command =
      token.add_subcommand("check", "Tell whether a token is in force, and why not");
  auto text = std::make_shared<std::string>();
  auto json = std::make_shared<bool>(false);
  command->add_option("token", *text, "The token; -: read it from standard input")->required();
  auto how = add_token_check(*command);
  command->get_option("--keys")->required();
  command->add_flag("--json", *json, "One JSON object");
  command->callback([text, json, how, &run] { run = [=] { return check(*how, *text, *json); }; });
}

}  // namespace

void add_token(CLI::App& app, Run& run) {
  CLI::App* command = app.add_subcommand("token", "Make keys and access tokens, and check tokens");
  command->require_subcommand(1);
  add_key(*command, run);
  add_make(*command, run);
  add_check(*command, run);
}

}  // namespace segue::server
