// The command line as data, for what is written about it: the manual page and the completions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace segue::server {

struct Command {
  std::string path;  // the words that lead to it, such as "segue token make"
  const CLI::App* app;
};

// The program itself comes first.
std::vector<Command> commands_of(const CLI::App& program);
std::vector<const CLI::App*> children_of(const CLI::App& app);

// "-n", "--cases"; empty for what has no flag.
std::vector<std::string> flags_of(const CLI::Option& option);
bool takes_value(const CLI::Option& option);
// What the value is one of; empty where it can be anything.
std::vector<std::string> choices_of(const CLI::Option& option);
// What stands for the value, such as "FILE" or "on|off".
std::string value_of(const CLI::Option& option);

std::string joined(const std::vector<std::string>& words, std::string_view between);

}  // namespace segue::server
