// The options of `segue serve` on a command line, and what they, the environment and the config
// file come to.
#pragma once

#include <memory>
#include <string>

#include "server/settings/layer.h"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace segue::server {

class ServeOptions {
 public:
  // Adds a flag for each option, and --config.
  explicit ServeOptions(CLI::App& command);

  // All that was said, once the command line was read. Prints what is wrong with it, and then
  // throws: CLI::FileError for a config file that cannot be read, else CLI::RuntimeError.
  Merged read() const;

 private:
  Layer flags() const;

  std::map<std::string, CLI::Option*> flags_;  // by name of the option
  std::string config_file_;
};

// Prints each fault on a line of stderr.
void print_faults(const std::vector<Fault>& faults);
// Throws CLI::FileError.
std::string read_config_file(const std::string& path);

}  // namespace segue::server
