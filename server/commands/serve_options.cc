#include "server/commands/serve_options.h"

#include <cstdio>
#include <cstdlib>
#include <utility>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "server/access/watched_file.h"
#include "server/commands/commands.h"
#include "server/settings/config_file.h"

namespace segue::server {

namespace {

constexpr std::size_t config_bytes_max = 1u << 20;

CLI::Option* add_option(CLI::App& command, const Option& option) {
  const std::string name = "--" + option.name;
  if (option.kind == Option::Kind::flag) {
    return command.add_flag(name, option.help);
  }
  CLI::Option* added = command.add_option(
      name, [](const CLI::results_t&) { return true; }, option.help);
  added->type_name(option.value_name);
  if (option.kind == Option::Kind::many) {
    added->expected(CLI::detail::expected_max_vector_size);
  }
  if (!option.default_value.empty()) {
    added->default_str(option.default_value);
  }
  return added;
}

// What is nearly the name of an option was meant to be one.
void warn_of_environment() {
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view variable(*entry);
    const std::string_view name = variable.substr(0, variable.find('='));
    if (!name.starts_with("SEGUE_")) {
      continue;
    }
    std::string option(name.substr(6));
    for (char& letter : option) {
      letter = letter == '_' ? '-' : static_cast<char>(letter - 'A' + 'a');
    }
    const std::string similar = similar_option(option);
    if (find_option(option) == nullptr && !similar.empty()) {
      std::fprintf(stderr, "segue: %s in the environment is no option; is it %s?\n",
                   std::string(name).c_str(), env_name(*find_option(similar)).c_str());
    }
  }
}

const char* environment(const char* name) {
  return std::getenv(name);  // NOLINT(concurrency-mt-unsafe): before there are threads
}

}  // namespace

ServeOptions::ServeOptions(CLI::App& command) {
  for (const Option& option : all_options()) {
    flags_[option.name] = add_option(command, option);
  }
  command
      .add_option("--config", config_file_,
                  "TOML file with options by their names, or SEGUE_CONFIG")
      ->type_name("FILE");
  command.footer(
      "Each option is also SEGUE_NAME in the environment (SEGUE_FREE_SPACE_MIN=64M), and a key of\n"
      "the config file (free-space-min = \"64M\"). Flags count most, then the environment, then "
      "the\n"
      "file. `segue config --print` shows what counts.");
}

Layer ServeOptions::flags() const {
  Layer layer;
  for (const auto& [name, flag] : flags_) {
    if (flag->count() == 0) {
      continue;
    }
    std::vector<std::string> values = flag->results();
    if (find_option(name)->kind == Option::Kind::flag) {
      values = {values.back()};
    }
    layer[name] = {std::move(values), "--" + name};
  }
  return layer;
}

Merged ServeOptions::read() const {
  warn_of_environment();
  std::string path = config_file_;
  if (const char* named = environment("SEGUE_CONFIG"); path.empty() && named != nullptr) {
    path = named;
  }
  ConfigFile file;
  if (!path.empty()) {
    file = parse_config_file(read_config_file(path), path);
  }
  Merged merged = merge({flags(), env_layer(environment), std::move(file.layer)});
  merged.faults.insert(merged.faults.begin(), file.faults.begin(), file.faults.end());
  if (!merged.faults.empty()) {
    print_faults(merged.faults);
    throw CLI::RuntimeError(exit_usage);
  }
  return merged;
}

void print_faults(const std::vector<Fault>& faults) {
  for (const Fault& fault : faults) {
    std::fprintf(stderr, "segue: %s\n", print(fault).c_str());
  }
}

std::string read_config_file(const std::string& path) {
  auto text = access::read_file(path, config_bytes_max);
  if (!text) {
    throw CLI::FileError(text.error().detail);
  }
  return std::move(*text);
}

}  // namespace segue::server
