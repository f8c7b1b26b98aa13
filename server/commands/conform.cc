// segue conform: the conformance kit (spec/conformance.md). By itself it is a filter, which answers
// requests about the OT types, one a line, from standard input on standard output.

#include <iostream>
#include <memory>
#include <string>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "ot/conformance.h"
#include "server/commands/commands.h"
#include "server/commands/conform/parts.h"
#include "server/commands/schemas.h"

namespace segue::server {

namespace {

int filter(const ot::TypeRegistry& types) {
  std::ios::sync_with_stdio(false);
  std::string line;
  while (std::getline(std::cin, line)) {
    std::cout << ot::conformance_reply_line(line, types) << '\n';
    // Whoever waits for these replies before sending more must get them.
    if (std::cin.rdbuf()->in_avail() <= 0) {
      std::cout.flush();
    }
  }
  return exit_ok;
}

}  // namespace

void add_conform(CLI::App& app, Run& run) {
  CLI::App* command = app.add_subcommand(
      "conform",
      "The conformance kit. By itself a filter: it answers requests about the OT types,\n"
      "one JSON object a line. `types` tests another implementation of a type,\n"
      "`server` another server. Exits with 1 where they differ.");
  command->require_subcommand(0, 1);
  auto types = std::make_shared<ot::TypeRegistry>();
  add_schemas(*command, types);
  command->callback([types, command, &run] {
    if (command->get_subcommands().empty()) {
      run = [types] { return filter(*types); };
    }
  });
  add_conform_types(*command, types, run);
  add_conform_server(*command, run);
}

}  // namespace segue::server
