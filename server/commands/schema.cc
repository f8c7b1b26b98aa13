// segue schema: what follows from a schema, without a server.

#include "ot/record/schema.h"

#include <cstdio>
#include <memory>
#include <string>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "ot/json_text.h"
#include "ot/record/production_schema.h"
#include "server/access/watched_file.h"
#include "server/commands/commands.h"
#include "server/commands/tool.h"
#include "server/commands/typescript.h"

namespace segue::server {

namespace {

constexpr std::size_t schema_bytes_max = 4u << 20;

struct Arguments {
  std::string schema;
  std::string module = "@segue/client";
};

ot::Result<std::string> schema_text(const std::string& source) {
  if (source == "production") {
    return std::string(ot::record::production_schema);
  }
  return access::read_file(source, schema_bytes_max);
}

ot::Result<ot::record::Schema> schema_of(const std::string& text) {
  const auto json = ot::parse_json(text);
  return json ? ot::record::Schema::parse(*json) : ot::fail(json.error());
}

int print_types(const Arguments& arguments) {
  const auto text = schema_text(arguments.schema);
  if (!text) {
    return report(text.error());
  }
  const auto schema = schema_of(*text);
  if (!schema) {
    std::fprintf(stderr, "segue: %s: %s\n", arguments.schema.c_str(),
                 schema.error().detail.c_str());
    return exit_usage;
  }
  const std::string types = typescript_of(*schema, arguments.module);
  std::fwrite(types.data(), 1, types.size(), stdout);
  return exit_ok;
}

}  // namespace

void add_schema(CLI::App& app, Run& run) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("schema", "What follows from a schema");
  command->require_subcommand(1);
  CLI::App* types = command->add_subcommand(
      "types", "Print TypeScript types of a schema's document, for the npm package @segue/client");
  types
      ->add_option("schema", arguments->schema,
                   "The schema's file, or `production`: the one built in")
      ->type_name("FILE")
      ->required();
  types->add_option("--module", arguments->module, "Where the types of fields are imported from")
      ->capture_default_str();
  types->callback([arguments, &run] { run = [arguments] { return print_types(*arguments); }; });
}

}  // namespace segue::server
