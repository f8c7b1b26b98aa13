// --schema FILE: record types besides those that are built in, for the commands that need types.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "ot/type_registry.h"

namespace CLI {
class App;
}

namespace segue::server {

// Adds the option to a command. The types are complete once the command line was read; a schema
// that breaks a rule ends that as wrong usage, a file that cannot be read with exit_environment.
std::shared_ptr<const ot::TypeRegistry> add_schemas(CLI::App& command);
// The same into `types`, for a command whose subcommands have the option too.
void add_schemas(CLI::App& command, std::shared_ptr<ot::TypeRegistry> types);
// The types of these files. Throws as that: CLI::ValidationError, CLI::FileError.
std::shared_ptr<const ot::TypeRegistry> load_schemas(const std::vector<std::string>& paths);

}  // namespace segue::server
