// segue config: checks a config file, and shows what counts and where it came from.

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "ot/json_text.h"
#include "server/commands/commands.h"
#include "server/commands/serve_options.h"
#include "server/settings/config_file.h"

namespace segue::server {

namespace {

std::string quoted(const std::string& text) {
  std::string out;
  ot::print_json_string(text, out);
  return out;
}

// As TOML and as JSON, which are the same for these.
std::string print_value(const Effective& effective) {
  const auto& values = effective.given.values;
  const Option& option = *effective.option;
  if (option.kind == Option::Kind::flag || option.value_name == "NUMBER") {
    return values.front();
  }
  if (option.kind == Option::Kind::one) {
    return quoted(values.empty() ? "" : values.front());
  }
  std::string out = "[";
  for (const std::string& value : values) {
    out += (out.size() == 1 ? "" : ", ") + quoted(value);
  }
  return out + ']';
}

void print_as_toml(const std::vector<Effective>& options) {
  for (const Effective& effective : options) {
    // No key stands for what has no value.
    const bool is_nothing = effective.given.values.empty();
    const std::string line = (is_nothing ? "# " : "") + effective.option->name + " = " +
                             (is_nothing ? "" : print_value(effective));
    std::printf("%-40s # %s\n", line.c_str(), effective.given.where.c_str());
  }
}

void print_as_json(const std::vector<Effective>& options) {
  for (const Effective& effective : options) {
    std::printf("{\"name\":%s,\"value\":%s,\"from\":%s}\n", quoted(effective.option->name).c_str(),
                effective.given.values.empty() ? "null" : print_value(effective).c_str(),
                quoted(effective.given.where).c_str());
  }
}

int check(const std::string& path, bool as_json) {
  ConfigFile file = parse_config_file(read_config_file(path), path);
  const auto merged = merge({file.layer});
  file.faults.insert(file.faults.end(), merged.faults.begin(), merged.faults.end());
  for (const Fault& fault : file.faults) {
    if (as_json) {
      std::printf("{\"where\":%s,\"what\":%s}\n", quoted(fault.where).c_str(),
                  quoted(fault.what).c_str());
    } else {
      std::printf("%s\n", print(fault).c_str());
    }
  }
  if (file.faults.empty() && !as_json) {
    std::printf("%s: fine\n", path.c_str());
  }
  return file.faults.empty() ? exit_ok : exit_finding;
}

void add_check(CLI::App& config, const std::shared_ptr<bool>& as_json, Run& run) {
  CLI::App* command = config.add_subcommand("check", "Say what is wrong in a config file");
  auto path = std::make_shared<std::string>();
  command->add_option("FILE", *path, "The file")->required();
  command->add_flag("--json", *as_json, "One object a line");
  command->callback([path, as_json, &run] { run = [=] { return check(*path, *as_json); }; });
}

}  // namespace

void add_config(CLI::App& app, Run& run) {
  CLI::App* command =
      app.add_subcommand("config", "Check a config file, or show what `segue serve` would do");
  auto as_json = std::make_shared<bool>(false);
  const std::string help = "Show every option as it counts, and where its value came from";
  CLI::Option* shown = command->add_flag("--print", help);
  command->add_flag("--json", *as_json, "One object a line");
  auto options = std::make_shared<ServeOptions>(*command);
  add_check(*command, as_json, run);
  command->callback([command, shown, options, as_json, &run] {
    if (!command->get_subcommands().empty()) {
      return;
    }
    if (shown->count() == 0) {
      throw CLI::RequiredError("--print, or check FILE,");
    }
    run = [merged = options->read(), as_json] {
      (*as_json ? print_as_json : print_as_toml)(merged.options);
      return exit_ok;
    };
  });
}

}  // namespace segue::server
