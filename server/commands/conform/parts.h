// The forms of `segue conform` beside the filter. Each adds itself as a subcommand.
#pragma once

#include "server/commands/commands.h"

namespace segue::server {

void add_conform_types(CLI::App& conform, Run& run);
void add_conform_server(CLI::App& conform, Run& run);

}  // namespace segue::server
