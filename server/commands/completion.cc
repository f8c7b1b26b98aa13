// segue completion: scripts that complete the command line in a shell, written from what it
// declares. A value without choices is completed as a file.

#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "server/commands/command_tree.h"
#include "server/commands/commands.h"

namespace segue::server {

namespace {

void print(const std::string& text) { std::fputs(text.c_str(), stdout); }

std::string quoted(std::string_view text, std::string_view quote) {
  std::string all = "'";
  for (const char c : text) {
    if (c == '\'') {
      all += quote;
    } else {
      all += c;
    }
  }
  return all + "'";
}
std::string in_bash(std::string_view text) { return quoted(text, "'\\''"); }
std::string in_fish(std::string_view text) { return quoted(text, "\\'"); }

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

// All paths but the program's own, quoted: the words that lead from one command to another.
std::vector<std::string> steps_of(const std::vector<Command>& commands) {
  std::vector<std::string> steps;
  for (const Command& command : commands) {
    if (command.app->get_parent() != nullptr) steps.push_back(in_bash(command.path));
  }
  return steps;
}

// ---- bash, and zsh by way of it

constexpr const char* bash_beginning = R"(_segue() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} at=segue word words=
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$at $word" in
)";

// One line for what takes a file, and one for each flag with choices.
void print_bash_values(const Command& command) {
  std::vector<std::string> files;
  for (const CLI::Option* option : command.app->get_options()) {
    std::vector<std::string> places;
    for (const std::string& flag : flags_of(*option)) {
      places.push_back(in_bash(command.path + " " + flag));
    }
    if (!takes_value(*option) || places.empty()) {
      continue;
    }
    if (const auto choices = choices_of(*option); !choices.empty()) {
      print("    " + joined(places, "|") + ") words=" + in_bash(joined(choices, " ")) + " ;;\n");
    } else {
      files.insert(files.end(), places.begin(), places.end());
    }
  }
  if (!files.empty()) {
    print("    " + joined(files, "|") + ") ;;\n");
  }
}

std::string words_at(const Command& command) {
  std::vector<std::string> words;
  for (const CLI::App* child : children_of(*command.app)) {
    words.push_back(child->get_name());
  }
  for (const CLI::Option* option : command.app->get_options()) {
    const auto flags = flags_of(*option);
    words.insert(words.end(), flags.begin(), flags.end());
  }
  return joined(words, " ");
}

void print_bash(const std::vector<Command>& commands) {
  print(bash_beginning);
  print("      " + joined(steps_of(commands), "|") + ") at=\"$at $word\" ;;\n    esac\n  done\n");
  print("  case \"$at $previous\" in\n");
  for (const Command& command : commands) {
    print_bash_values(command);
  }
  print("    *)\n      case $at in\n");
  for (const Command& command : commands) {
    print("        " + in_bash(command.path) + ") words=" + in_bash(words_at(command)) + " ;;\n");
  }
  print("      esac ;;\n  esac\n  COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n}\n");
  print("complete -o default -F _segue segue\n");
}

void print_zsh(const std::vector<Command>& commands) {
  print("#compdef segue\nautoload -U +X bashcompinit && bashcompinit\n");
  print_bash(commands);
}

// ---- fish

constexpr const char* fish_beginning = R"(function __segue_at
  set -l at segue
  for word in (commandline -opc)[2..]
    switch "$at $word"
)";

void print_fish_option(const std::string& condition, const CLI::Option& option) {
  std::string line = condition;
  for (const std::string& name : option.get_snames()) line += " -s " + name;
  for (const std::string& name : option.get_lnames()) line += " -l " + name;
  const auto choices = choices_of(option);
  if (!choices.empty()) {
    line += " -x -a " + in_fish(joined(choices, " "));
  } else if (takes_value(option)) {
    line += " -r -F";
  }
  print(line + " -d " + in_fish(first_line(option.get_description())) + "\n");
}

void print_fish(const std::vector<Command>& commands) {
  print(fish_beginning);
  print("      case " + joined(steps_of(commands), " ") + "\n");
  print("        set at \"$at $word\"\n    end\n  end\n  echo $at\nend\ncomplete -c segue -f\n");
  for (const Command& command : commands) {
    const std::string condition =
        "complete -c segue -n " + in_fish("test (__segue_at) = \"" + command.path + "\"");
    for (const CLI::App* child : children_of(*command.app)) {
      print(condition + " -a " + child->get_name() + " -d " +
            in_fish(first_line(child->get_description())) + "\n");
    }
    for (const CLI::Option* option : command.app->get_options()) {
      if (!flags_of(*option).empty()) print_fish_option(condition, *option);
    }
  }
}

}  // namespace

void add_completion(CLI::App& app, Run& run) {
  auto shell = std::make_shared<std::string>();
  CLI::App* command = app.add_subcommand("completion", "Print a script that completes commands");
  command->add_option("shell", *shell, "For which shell")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  command->callback([&app, &run, shell] {
    run = [&app, shell] {
      const auto commands = commands_of(app);
      *shell == "fish"  ? print_fish(commands)
      : *shell == "zsh" ? print_zsh(commands)
                        : print_bash(commands);
      return exit_ok;
    };
  });
}

}  // namespace segue::server
