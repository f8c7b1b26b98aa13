#include "server/settings/config_file.h"

#include <cstdint>
#include <optional>
#include <utility>

#include <toml++/toml.h>

namespace segue::server {

namespace {

std::string at_line(const std::string& path, const toml::source_region& region) {
  return path + ":" + std::to_string(region.begin.line);
}

// A value as it would be written on the command line; nothing for what none is written as.
std::optional<std::string> as_text(const toml::node& node) {
  if (const auto* text = node.as_string()) {
    return text->get();
  }
  if (const auto* number = node.as_integer()) {
    return std::to_string(number->get());
  }
  if (const auto* flag = node.as_boolean()) {
    return flag->get() ? "true" : "false";
  }
  return std::nullopt;
}

std::optional<std::vector<std::string>> as_texts(const Option& option, const toml::node& node) {
  const auto* array = node.as_array();
  if (array == nullptr || option.kind != Option::Kind::many) {
    const auto text = as_text(node);
    return text ? std::optional(std::vector<std::string>{*text}) : std::nullopt;
  }
  std::vector<std::string> texts;
  for (const toml::node& element : *array) {
    const auto text = as_text(element);
    if (!text) {
      return std::nullopt;
    }
    texts.push_back(*text);
  }
  return texts;
}

void read_key(const std::string& name, const toml::node& node, const std::string& where,
              ConfigFile& file) {
  const Option* option = find_option(name);
  if (option == nullptr) {
    const std::string similar = similar_option(name);
    file.faults.push_back(
        {where, "there is no such key" + (similar.empty() ? "" : "; is it " + similar + "?")});
    return;
  }
  auto texts = as_texts(*option, node);
  if (!texts) {
    file.faults.push_back({where, "it must be " + option->allowed});
    return;
  }
  file.layer[name] = {std::move(*texts), where};
}

}  // namespace

ConfigFile parse_config_file(std::string_view text, const std::string& path) {
  ConfigFile file;
  try {
    for (const auto& [key, node] : toml::parse(text, path)) {
      const std::string name(key.str());
      read_key(name, node, at_line(path, key.source()) + ": " + name, file);
    }
  } catch (const toml::parse_error& error) {
    file.faults.push_back({at_line(path, error.source()), std::string(error.description())});
  }
  return file;
}

}  // namespace segue::server
