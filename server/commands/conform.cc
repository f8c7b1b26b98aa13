// segue conform: answers conformance requests about the OT types, one a line, from standard input
// on standard output. spec/conformance.md.

#include <iostream>
#include <string>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "ot/conformance.h"
#include "server/commands/commands.h"

namespace segue::server {

namespace {

int conform() {
  std::ios::sync_with_stdio(false);
  std::string line;
  while (std::getline(std::cin, line)) {
    std::cout << ot::conformance_reply_line(line) << '\n';
    // Whoever waits for these replies before sending more must get them.
    if (std::cin.rdbuf()->in_avail() <= 0) {
      std::cout.flush();
    }
  }
  return exit_ok;
}

}  // namespace

void add_conform(CLI::App& app, Run& run) {
  app.add_subcommand("conform", "Answer requests about the OT types, one JSON object a line")
      ->callback([&run] { run = conform; });
}

}  // namespace segue::server
