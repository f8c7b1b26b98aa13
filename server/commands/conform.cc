// segue conform: answers conformance requests about the OT types, one a line, from standard input
// on standard output. spec/conformance.md.

#include <iostream>
#include <string>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "ot/conformance.h"
#include "server/commands/commands.h"
#include "server/commands/schemas.h"

namespace segue::server {

namespace {

int conform(const ot::TypeRegistry& types) {
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
  CLI::App* command =
      app.add_subcommand("conform", "Answer requests about the OT types, one JSON object a line");
  command->callback(
      [types = add_schemas(*command), &run] { run = [types] { return conform(*types); }; });
}

}  // namespace segue::server
