#include "server/commands/schemas.h"

#include <fstream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "ot/json_text.h"

namespace segue::server {

namespace {

ot::Result<void> add_schema(const std::string& text, ot::TypeRegistry& types) {
  const auto schema = ot::parse_json(text);
  return schema ? types.add_schema(*schema) : ot::fail(schema.error());
}

void load(const std::string& path, ot::TypeRegistry& types) {
  std::ifstream file(path);
  std::ostringstream text;
  if (!file || !(text << file.rdbuf())) {
    throw CLI::FileError("--schema: " + path + " cannot be read");
  }
  if (const auto added = add_schema(text.str(), types); !added) {
    throw CLI::ValidationError("--schema", path + ": " + added.error().detail);
  }
}

}  // namespace

std::shared_ptr<const ot::TypeRegistry> load_schemas(const std::vector<std::string>& paths) {
  auto types = std::make_shared<ot::TypeRegistry>();
  for (const std::string& path : paths) {
    load(path, *types);
  }
  return types;
}

void add_schemas(CLI::App& command, std::shared_ptr<ot::TypeRegistry> types) {
  const auto load_all = [types = std::move(types)](const std::vector<std::string>& paths) {
    for (const std::string& path : paths) {
      load(path, *types);
    }
  };
  command
      .add_option_function<std::vector<std::string>>(
          "--schema", load_all, "Schema of a record type to serve besides segue:production/1")
      ->type_name("FILE");
}

std::shared_ptr<const ot::TypeRegistry> add_schemas(CLI::App& command) {
  auto types = std::make_shared<ot::TypeRegistry>();
  add_schemas(command, types);
  return types;
}

}  // namespace segue::server
