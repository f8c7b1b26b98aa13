#include "server/commands/command_tree.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

namespace segue::server {

namespace {

void collect(const CLI::App& app, const std::string& path, std::vector<Command>& all) {
  all.push_back({path, &app});
  for (const CLI::App* child : children_of(app)) {
    collect(*child, path + " " + child->get_name(), all);
  }
}

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == separator) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

}  // namespace

std::vector<Command> commands_of(const CLI::App& program) {
  std::vector<Command> all;
  collect(program, program.get_name(), all);
  return all;
}

std::vector<const CLI::App*> children_of(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App* child) { return !child->get_name().empty(); });
}

std::vector<std::string> flags_of(const CLI::Option& option) {
  std::vector<std::string> flags;
  for (const std::string& name : option.get_snames()) {
    flags.push_back("-" + name);
  }
  for (const std::string& name : option.get_lnames()) {
    flags.push_back("--" + name);
  }
  return flags;
}

bool takes_value(const CLI::Option& option) { return option.get_items_expected_max() > 0; }

// CLI11 has it as "TEXT:{bash,zsh}"; we write "on|off" ourselves.
std::vector<std::string> choices_of(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  for (const std::string& text : {option.get_option_text(), type}) {
    if (text.find('|') != std::string::npos) {
      return split(text, '|');
    }
  }
  const auto open = type.find('{');
  if (open == std::string::npos) {
    return {};
  }
  return split(type.substr(open + 1, type.find('}', open) - open - 1), ',');
}

std::string value_of(const CLI::Option& option) {
  if (const auto choices = choices_of(option); !choices.empty()) {
    return joined(choices, "|");
  }
  const std::string& own = option.get_option_text();
  const std::string type = option.get_type_name();
  if (!own.empty()) {
    return own;
  }
  const bool is_whole = type.find('=') != type.npos;  // NAME=COLLECTION:FIELD
  return is_whole ? type : type.substr(0, type.find(':'));
}

std::string joined(const std::vector<std::string>& words, std::string_view between) {
  std::string all;
  for (const std::string& word : words) {
    if (!all.empty()) all += between;
    all += word;
  }
  return all;
}

}  // namespace segue::server
