// segue policy: what rules say, without a server.

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "ot/json_text.h"
#include "server/access/access.h"
#include "server/commands/access_options.h"
#include "server/commands/commands.h"
#include "server/commands/tool.h"

namespace segue::server {

namespace {

using access::Action;
using access::Rights;
using ot::Json;
using ot::Result;

constexpr std::size_t cases_bytes_max = 16u << 20;

// Who asks to do what.
struct Case {
  std::string claims;  // as JSON; or
  std::string token;
  std::string action;
  std::string collection;
  std::string id;
};

struct Arguments {
  std::string policy;
  std::shared_ptr<TokenCheck> tokens;
  Case asked;
  std::string cases;
  bool json = false;
};

// One of the decisions that an action takes.
struct Step {
  Action action;
  bool allowed;
  std::string because;
};

tl::unexpected<ot::Error> wrong(std::string what) {
  return ot::fail(ot::Errc::uncoded, std::move(what));
}

int report_wrong(const ot::Error& error) {
  if (error.code == ot::Errc::log_io) {
    return report(error);
  }
  std::fprintf(stderr, "segue: %s\n", error.detail.c_str());
  return exit_usage;
}

Result<std::shared_ptr<const access::Policy>> policy_of(const Arguments& arguments) {
  if (arguments.policy.empty()) {
    return std::make_shared<const access::Policy>();
  }
  auto policy = access::load_policy(arguments.policy);
  return policy ? Result<std::shared_ptr<const access::Policy>>(
                      std::make_shared<const access::Policy>(std::move(*policy)))
                : ot::fail(policy.error());
}

Result<access::Identity> identity_of(const Case& asked, const TokenCheck& tokens) {
  if (asked.claims.empty() == asked.token.empty()) {
    return wrong("either claims or a token are needed");
  }
  if (!asked.token.empty()) {
    return tokens.check(asked.token);
  }
  const auto claims = ot::parse_json(asked.claims);
  if (!claims || !claims->is_object()) {
    return wrong("the claims are no JSON object");
  }
  access::Identity identity;
  identity.claims = *claims;
  return identity;
}

// All that is decided; the action is allowed if each is.
Result<std::vector<Step>> decide(const Case& asked, const TokenCheck& tokens,
                                 const std::shared_ptr<const access::Policy>& policy) {
  const auto action = access::action_named(asked.action);
  if (!action) {
    return wrong("an action is one of read, write, create, delete, admin");
  }
  auto identity = identity_of(asked, tokens);
  const auto rights =
      identity ? Rights::make(std::move(*identity), policy) : ot::fail(identity.error());
  if (!rights) {
    return ot::fail(rights.error());
  }
  std::vector<Step> steps;
  for (const Action needed : access::needed_for(*action)) {
    const auto decision = (*rights)->explain(needed, asked.collection, asked.id);
    steps.push_back({needed, decision.allowed,
                     decision.rule == nullptr ? "no rule lists it"
                                              : decision.place + ": " + decision.rule->text()});
  }
  return steps;
}

bool allows(const std::vector<Step>& steps) {
  bool all = true;
  for (const Step& step : steps) {
    all = all && step.allowed;
  }
  return all;
}

std::string text_of(const Step& step) {
  return std::string(access::action_name(step.action)) + ' ' +
         (step.allowed ? "allowed: " : "denied: ") + step.because;
}

// ---- explain

int explain(const Arguments& arguments) {
  const auto policy = policy_of(arguments);
  if (!policy) {
    return report_wrong(policy.error());
  }
  const auto steps = decide(arguments.asked, *arguments.tokens, *policy);
  if (!steps && steps.error().code != ot::Errc::unauthorized) {
    return report_wrong(steps.error());
  }
  const bool allowed = steps && allows(*steps);
  Json because = Json::array();
  if (steps) {
    for (const Step& step : *steps) {
      because.push_back(text_of(step));
    }
  } else {
    because.push_back(steps.error().detail);
  }
  if (arguments.json) {
    const Json result = Json::object({{"allowed", allowed}, {"because", because}});
    std::printf("%s\n", ot::json_text(result).c_str());
  } else {
    std::printf("%s\n", allowed ? "allowed" : "denied");
    because.for_each_element([](const Json& line) { std::printf("  %s\n", line.str().c_str()); });
  }
  return allowed ? exit_ok : exit_finding;
}

// ---- test

struct Expectation {
  Case asked;
  bool allowed;
};

// Where a case keeps that member; null: it has none of this name.
std::string* text_of(Case& asked, std::string_view name) {
  if (name == "token") return &asked.token;
  if (name == "action") return &asked.action;
  if (name == "collection") return &asked.collection;
  if (name == "id") return &asked.id;
  return nullptr;
}

Result<Expectation> expectation_of(const Json& line) {
  Expectation result{};
  std::string expect;
  Result<void> known;
  if (!line.is_object()) {
    return wrong("a case is an object");
  }
  line.for_each_member([&](std::string_view name, const Json& value) {
    std::string* member = name == "expect" ? &expect : text_of(result.asked, name);
    if (name == "claims" && value.is_object()) {
      result.asked.claims = ot::json_text(value);
    } else if (member != nullptr && value.is_string()) {
      *member = value.str();
    } else {
      known = wrong("`" + std::string(name) + "` is no part of a case, or of another kind");
    }
  });
  if (!known) {
    return ot::fail(known.error());
  }
  if ((expect != "allow" && expect != "deny") || result.asked.collection.empty() ||
      result.asked.id.empty()) {
    return wrong("a case has collection, id, action and an `expect` of allow or deny");
  }
  result.allowed = expect == "allow";
  return result;
}

// Tells of a case that comes out otherwise. Errors: the case makes no sense.
Result<bool> holds(const Expectation& expectation, std::size_t number, const TokenCheck& tokens,
                   const std::shared_ptr<const access::Policy>& policy) {
  const Case& asked = expectation.asked;
  const auto steps = decide(asked, tokens, policy);
  if (!steps && steps.error().code != ot::Errc::unauthorized) {
    return ot::fail(steps.error());
  }
  if ((steps && allows(*steps)) == expectation.allowed) {
    return true;
  }
  std::printf("line %zu: %s %s/%s should be %s\n", number, asked.action.c_str(),
              asked.collection.c_str(), asked.id.c_str(),
              expectation.allowed ? "allowed" : "denied");
  if (!steps) {
    std::printf("  %s\n", steps.error().detail.c_str());
    return false;
  }
  for (const Step& step : *steps) {
    std::printf("  %s\n", text_of(step).c_str());
  }
  return false;
}

int test(const Arguments& arguments) {
  const auto policy = policy_of(arguments);
  const auto text = access::read_file(arguments.cases, cases_bytes_max);
  if (!policy || !text) {
    return report_wrong(policy ? text.error() : policy.error());
  }
  std::size_t run = 0;
  std::size_t failed = 0;
  std::string_view rest = *text;
  for (std::size_t number = 1; !rest.empty(); ++number) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (line.find_first_not_of(" \t\r") == line.npos) {
      continue;
    }
    const auto json = ot::parse_json(line);
    const auto expectation = json ? expectation_of(*json) : ot::fail(json.error());
    const auto held = expectation ? holds(*expectation, number, *arguments.tokens, *policy)
                                  : ot::fail(expectation.error());
    if (!held) {
      return report_wrong({ot::Errc::uncoded, arguments.cases + ": line " + std::to_string(number) +
                                                  ": " + held.error().detail});
    }
    ++run;
    failed += *held ? 0 : 1;
  }
  std::printf("%zu cases, %zu failed\n", run, failed);
  return failed == 0 ? exit_ok : exit_finding;
}

}  // namespace

void add_policy(CLI::App& app, Run& run) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("policy", "Try out access rules without a server");
  command->require_subcommand(1);

  CLI::App* one = command->add_subcommand(
      "explain", "Tell whether an action is allowed, and which rule says so");
  one->add_option("action", arguments->asked.action, "read, write, create, delete or admin")
      ->required();
  one->add_option("collection", arguments->asked.collection, "Its collection")->required();
  one->add_option("id", arguments->asked.id, "Its id")->required();
  one->add_option("--claims", arguments->asked.claims, "What a token would say, as JSON");
  one->add_option("--token", arguments->asked.token, "A token")->excludes("--claims");
  one->add_flag("--json", arguments->json, "One JSON object");

  CLI::App* many =
      command->add_subcommand("test", "Check a table of cases, one JSON object a line");
  many->add_option("cases", arguments->cases, "The table")->type_name("FILE")->required();

  for (CLI::App* each : {one, many}) {
    each->add_option("--policy", arguments->policy, "The rules")->type_name("FILE");
    auto tokens = add_token_check(*each);
    each->callback([arguments, tokens, is_one = each == one, &run] {
      arguments->tokens = tokens;
      run = [arguments, is_one] { return is_one ? explain(*arguments) : test(*arguments); };
    });
  }
}

}  // namespace segue::server
