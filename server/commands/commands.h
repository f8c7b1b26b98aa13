// The subcommands of `segue`. Each adds itself to the command line and, when chosen, runs and
// returns the exit code: 0 fine, 1 a finding, 2 wrong usage, 3 the environment (a port that is
// taken, a directory that is locked, missing or not writable).
#pragma once

#include <functional>

namespace CLI {
class App;
}

namespace segue::server {

inline constexpr int exit_ok = 0;
inline constexpr int exit_finding = 1;
inline constexpr int exit_usage = 2;
inline constexpr int exit_environment = 3;

// Adds a subcommand; when it is chosen, `run` is set to what it does.
using Run = std::function<int()>;
void add_serve(CLI::App& app, Run& run);
void add_log(CLI::App& app, Run& run);
void add_show(CLI::App& app, Run& run);
void add_replay(CLI::App& app, Run& run);
void add_stat(CLI::App& app, Run& run);
void add_verify(CLI::App& app, Run& run);
void add_conform(CLI::App& app, Run& run);
void add_bench(CLI::App& app, Run& run);
void add_token(CLI::App& app, Run& run);
void add_policy(CLI::App& app, Run& run);
void add_schema(CLI::App& app, Run& run);
void add_config(CLI::App& app, Run& run);
void add_manual(CLI::App& app, Run& run);
void add_completion(CLI::App& app, Run& run);

}  // namespace segue::server
