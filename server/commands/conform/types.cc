// segue conform types: examines another implementation of a type.
#include <chrono>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "ot/conform/examine.h"
#include "ot/json_text.h"
#include "server/commands/commands.h"
#include "server/commands/conform/filter.h"
#include "server/commands/conform/parts.h"
#include "server/commands/conform/vectors.h"
#include "server/commands/schemas.h"

namespace segue::server {

namespace {

using conform::Outcome;

int usage(const std::string& what) {
  std::fprintf(stderr, "segue: %s\n", what.c_str());
  return exit_usage;
}

struct Options {
  std::string command;
  std::string type;
  std::vector<std::string> vectors;
  conform::Examination examination;
  std::uint32_t patience_ms = 10'000;
};

std::string source_of(const Options& options) {
  return "segue conform types --type " + options.type + " --seed " +
         std::to_string(options.examination.seed);
}

void print(const Outcome& outcome, const Options& options) {
  const std::string name = options.type + " " + outcome.check;
  if (outcome.is_skipped) {
    std::printf("%s: not offered\n", name.c_str());
  } else if (outcome.failed == 0) {
    std::printf("%s: %zu cases\n", name.c_str(), outcome.cases);
  } else {
    std::printf("%s: %zu of %zu cases FAIL\n", name.c_str(), outcome.failed, outcome.cases);
  }
  if (!outcome.example) return;
  const auto& example = *outcome.example;
  const std::string vector = conform::vector_line(example, source_of(options));
  ot::Json reply = example.reply;
  reply.remove("id");
  if (!outcome.rule.empty()) std::printf("  rule: %s\n", outcome.rule.c_str());
  std::printf("  vector: %s\n  answer: %s\n", vector.c_str(), ot::json_text(reply).c_str());
  std::printf("  the implementation %s\n", std::string(text_of(example.verdict)).c_str());
}

int examine(const Options& options, const ot::TypeRegistry& types, const conform::Ask& ask) {
  const auto cases = conform::find_cases(options.type, types);
  if (!cases) {
    std::string names;
    for (const std::string& name : conform::case_names(types)) names += " " + name;
    return usage("no cases for the type " + options.type + "; there are:" + names);
  }
  const auto outcomes = conform::examine(*cases, options.examination, types, ask);
  if (outcomes.empty()) return usage(options.type + " has no verb " + options.examination.verb);
  bool agrees = true;
  for (const Outcome& outcome : outcomes) {
    print(outcome, options);
    agrees = agrees && outcome.failed == 0;
  }
  return agrees ? exit_ok : exit_finding;
}

int test_types(const Options& options, const ot::TypeRegistry& types) {
  if (options.type.empty() == options.vectors.empty()) return usage("give --type or --vectors");
  Filter filter(options.command, std::chrono::milliseconds(options.patience_ms));
  const auto ask = [&](const std::vector<ot::Json>& requests) { return filter.ask(requests); };
  // One that answers this is started anew where it ends or hangs later.
  const std::string type = options.type.empty() ? "json0" : options.type;
  ask({ot::Json::object({{"type", type}, {"verb", "create"}})});
  if (!options.type.empty()) return examine(options, types, ask);
  return check_vectors(options.vectors, types, ask) ? exit_ok : exit_finding;
}

}  // namespace

void add_conform_types(CLI::App& conform, const std::shared_ptr<ot::TypeRegistry>& types,
                       Run& run) {
  auto options = std::make_shared<Options>();
  CLI::App* command = conform.add_subcommand(
      "types", "Compare another implementation of a type with Segue's, and check the laws on it");
  auto& examination = options->examination;
  command->add_option("--cmd", options->command, "What to run: a filter (spec/conformance.md)")
      ->type_name("COMMAND")
      ->required();
  command->add_option("--type", options->type, "Make up cases of this type, such as json0");
  command->add_option("--vectors", options->vectors, "Ask what these files ask instead")
      ->type_name("FILE...");
  command->add_option("--seed", examination.seed, "Which cases are made up")->capture_default_str();
  command->add_option("-n,--cases", examination.cases, "How many")->capture_default_str();
  command->add_option("--verb", examination.verb, "Only this verb, or \"law: NAME\"");
  command->add_option("--timeout", options->patience_ms, "How long the filter may be silent, in ms")
      ->capture_default_str()
      ->check(CLI::Range(1, 3'600'000));
  add_schemas(*command, types);
  command->callback(
      [types, options, &run] { run = [types, options] { return test_types(*options, *types); }; });
}

}  // namespace segue::server
