// segue serve: runs the server.

#include <chrono>
#include <csignal>
#include <cstdio>
#include <memory>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <sys/resource.h>

#include "server/commands/commands.h"
#include "server/commands/schemas.h"
#include "server/commands/serve_options.h"
#include "server/commands/tool.h"
#include "server/log.h"
#include "server/server.h"

namespace segue::server {

namespace {

// Who reads the log may go, as a peer may: that is an error of the write. And connections may have
// all the descriptors there are, not only as many as programs get that ask for none.
void prepare_process() {
  std::signal(SIGPIPE, SIG_IGN);  // NOLINT(bugprone-unused-return-value): it cannot fail
  rlimit descriptors{};
  if (::getrlimit(RLIMIT_NOFILE, &descriptors) == 0) {
    descriptors.rlim_cur = descriptors.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &descriptors);  // Else it stays as it was.
  }
}

int serve(const Settings& settings, const ot::TypeRegistry& types, bool durability_given) {
  const Config& config = settings.config;
  start_log(settings.log);
  prepare_process();
  if (config.in_memory && durability_given) {
    log_warning("--durability means nothing with --in-memory: nothing survives the process");
  }
  auto server = Server::open(config, settings.limits, types.lookup());
  if (!server) {
    std::fprintf(stderr, "segue: %s\n", server.error().detail.c_str());
    return exit_environment;
  }
  if (config.access && config.access->policy.empty()) {
    log_info("without --policy a token may do what its own rules say, and nothing else");
  }
  std::printf("segue: listening on %s\n", (*server)->url().c_str());
  std::fflush(stdout);
  if (config.in_memory) {
    log_info("everything is kept in memory and gone when the server stops");
  } else {
    log_info("data in {}", config.data);
  }
  const auto ended = (*server)->run();
  return ended ? exit_ok : report(ended.error());
}

bool is_given(const Merged& merged, std::string_view name) {
  for (const Effective& effective : merged.options) {
    if (effective.option->name == name) {
      return !effective.is_default;
    }
  }
  return false;
}

}  // namespace

void add_serve(CLI::App& app, Run& run) {
  CLI::App* command = app.add_subcommand("serve", "Run the server");
  command->callback([options = std::make_shared<ServeOptions>(*command), &run] {
    Merged merged = options->read();
    auto types = load_schemas(merged.settings.schemas);
    const bool durability_given = is_given(merged, "durability");
    run = [settings = std::move(merged.settings), types = std::move(types), durability_given] {
      return serve(settings, *types, durability_given);
    };
  });
}

}  // namespace segue::server
