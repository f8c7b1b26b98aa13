// segue: dispatch to the subcommands.

#include <cstdio>
#include <cstdlib>
#include <exception>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "ot/planted_bug.h"
#include "server/commands/commands.h"

int main(int argc, char** argv) {
  using namespace segue::server;
#ifdef SEGUE_PLANTED_BUGS
  if (const char* name = std::getenv("SEGUE_BUG")) {  // NOLINT(concurrency-mt-unsafe): no threads
    segue::ot::plant(segue::ot::bug_named(name));
  }
#endif
  CLI::App app("Segue: an operational-transform server with a durable op log", "segue");
  app.set_version_flag("--version", SEGUE_VERSION);
  app.require_subcommand(1);
  Run run;
  add_serve(app, run);
  add_log(app, run);
  add_show(app, run);
  add_replay(app, run);
  add_stat(app, run);
  add_verify(app, run);
  add_conform(app, run);
  add_bench(app, run);
  add_token(app, run);
  add_policy(app, run);
  add_schema(app, run);
  add_config(app, run);
  add_manual(app, run);
  add_completion(app, run);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error);
    if (code == static_cast<int>(CLI::ExitCodes::FileError)) {
      return exit_environment;
    }
    return code == 0 ? exit_ok : exit_usage;
  }
  try {
    return run();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "segue: %s\n", error.what());
    return exit_environment;
  }
}
