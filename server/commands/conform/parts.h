// The forms of `segue conform` beside the filter. Each adds itself as a subcommand.
#pragma once

#include <memory>

#include "ot/type_registry.h"
#include "server/commands/commands.h"

namespace segue::server {

// `types` takes in those of --schema.
void add_conform_types(CLI::App& conform, const std::shared_ptr<ot::TypeRegistry>& types, Run& run);
void add_conform_server(CLI::App& conform, Run& run);

}  // namespace segue::server
