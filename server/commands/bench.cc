// segue bench: measures a server under load, and checks that it lost nothing.

#include <cstdio>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "server/commands/bench/audit.h"
#include "server/commands/bench/disk.h"
#include "server/commands/bench/scenarios.h"
#include "server/commands/commands.h"

namespace segue::server {

namespace {

using bench::Options;
using Scenario = std::function<std::vector<bench::Row>(const Options&)>;

int run_scenario(const Options& options, const Scenario& scenario) {
  try {
    const double flush_us = bench::flush_us(options.directory);
    auto rows = scenario(options);
    rows.push_back({"disk", options.directory, {{"flush_us", flush_us}}});
    bench::print(rows, options.as_json);
    return exit_ok;
  } catch (const bench::Broken& broken) {
    std::fprintf(stderr, "segue: %s\n", broken.what());
    return exit_finding;
  }
}

class BenchCommand {
 public:
  BenchCommand(CLI::App& app, Run& run) : run_(run) {
    command_ =
        app.add_subcommand("bench", "Measure a server under load, and that it loses nothing");
    command_->require_subcommand(1);
    options_->directory = std::filesystem::temp_directory_path().string();
    options_->load.subscribers = 1'000;
  }

  void add_all();

 private:
  CLI::App& add(const std::string& name, const std::string& description, Scenario scenario);
  void add_seconds(CLI::App& app);
  void add_warm_up(CLI::App& app);
  void add_server(CLI::App& app);
  void add_members(CLI::App& app, const bench::Load& defaults);
  void add_loads();
  void add_endurance();
  void add_vs_sharedb();

  Run& run_;
  CLI::App* command_ = nullptr;
  std::shared_ptr<Options> options_ = std::make_shared<Options>();
};

CLI::App& BenchCommand::add(const std::string& name, const std::string& description,
                            Scenario scenario) {
  CLI::App& app = *command_->add_subcommand(name, description);
  app.add_option("--repeat", options_->repeat, "Runs; the median is told")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--dir", options_->directory, "Directory on the disk to be measured")
      ->check(CLI::ExistingDirectory)
      ->capture_default_str();
  app.add_flag("--json", options_->as_json, "One JSON object a line");
  app.callback([options = options_, scenario = std::move(scenario), &run = run_] {
    run = [options, scenario] { return run_scenario(*options, scenario); };
  });
  return app;
}

void BenchCommand::add_seconds(CLI::App& app) {
  app.add_option("--seconds", options_->load.seconds, "Measured time of a run")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
}

void BenchCommand::add_warm_up(CLI::App& app) {
  app.add_option("--warm-up", options_->load.warm_up_s, "Seconds before the measured ones")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
}

void BenchCommand::add_server(CLI::App& app) {
  app.add_option("--url", options_->url, "A running server; else one of our own for each run");
  app.add_option("--token", options_->token, "What it is shown, where it has keys (spec/access.md)")
      ->envname("SEGUE_TOKEN");
  app.add_flag("--durable", options_->durable, "Servers of our own keep a log on disk");
}

// The default of an option is that of its scenario, so it is set when the scenario is chosen.
void BenchCommand::add_members(CLI::App& app, const bench::Load& defaults) {
  add_seconds(app);
  add_warm_up(app);
  app.preparse_callback([options = options_, defaults](std::size_t) {
    options->load.documents = defaults.documents;
    options->load.editors = defaults.editors;
    options->load.subscribers = defaults.subscribers;
  });
  app.add_option("--documents", options_->load.documents,
                 "Default " + std::to_string(defaults.documents))
      ->check(CLI::PositiveNumber);
  app.add_option("--editors", options_->load.editors,
                 "Of all documents together. Default " + std::to_string(defaults.editors))
      ->check(CLI::PositiveNumber);
  app.add_option("--subscribers", options_->load.subscribers,
                 "Who only read. Default " + std::to_string(defaults.subscribers));
}

void BenchCommand::add_loads() {
  const auto add_plan = [this](const std::string& name, const std::string& description,
                               const bench::Load& defaults) {
    CLI::App& app = add(name, description,
                        [name](const Options& options) { return bench::run_plan(name, options); });
    add_server(app);
    add_members(app, defaults);
  };
  add_plan("hot-doc", "Many editors in one document", {1, 16, 0});
  add_plan("many-docs", "Editors spread over documents", {8, 32, 0});
  add_plan("fanout", "One editor, many subscribers", {1, 1, 1'000});
  add_members(add("durable", "Acks from disk against what the disk allows", bench::run_durable),
              {1, 16, 0});
}

void BenchCommand::add_all() {
  add_loads();
  add_vs_sharedb();
  CLI::App& doc_size = add("doc-size", "A small edit of a big document", bench::run_doc_size);
  add_server(doc_size);
  add_members(doc_size, {1, 4, 0});
  doc_size.add_option("--bytes", options_->bytes, "Of the big one; the small one has 1024")
      ->check(CLI::Range(1'024, 1 << 30))
      ->capture_default_str();
  CLI::App& catch_up = add("catchup", "Somebody far behind", bench::run_catch_up);
  add_server(catch_up);
  catch_up.add_option("--behind", options_->behind, "Ops")->capture_default_str();
  CLI::App& queries =
      add("queries", "What live queries cost the ops they are not about", bench::run_queries);
  queries.add_flag("--durable", options_->durable, "The servers keep a log on disk");
  add_members(queries, {8, 16, 0});
  queries.add_option("--queries", options_->queries, "Live queries")->capture_default_str();
  queries.add_option("--queried", options_->queried, "Documents they look at")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  queries.add_option("--followers", options_->followers, "Connections that have the queries")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  add_endurance();
  CLI::App& trace = add("trace", "Recorded typing, replayed", bench::run_trace);
  add_server(trace);
  trace.add_option("recording", options_->trace, "JSON, see tests/bench/README.md; - is stdin")
      ->required();
  CLI::App& idle = add("idle", "Memory of idle connections", bench::run_idle);
  idle.add_option("--connections", options_->connections, "Each subscribes to a document too")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  CLI::App& http = add("http", "Polling over HTTP, in turns with Beast alone", bench::run_http);
  add_seconds(http);
  http.preparse_callback([options = options_](std::size_t) { options->connections = 32; });
  http.add_option("--connections", options_->connections, "Each polls. Default 32")
      ->check(CLI::PositiveNumber);
  http.add_option("--bare-server", options_->bare_server,
                  "build/.../bare_http_server, of the tests")
      ->check(CLI::ExistingFile);
  http.add_flag("--durable", options_->durable, "Servers of our own keep a log on disk");
  CLI::App& limits = add("limits", "What Beast and the op log do alone", bench::run_limits);
  add_seconds(limits);
  limits.add_option("--subscribers", options_->load.subscribers, "Of the broadcast")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  limits.add_option("--bare-server", options_->bare_server, "build/.../bare_server, of the tests")
      ->check(CLI::ExistingFile);
}

void BenchCommand::add_endurance() {
  CLI::App& soak =
      add("soak", "A crowd that comes and goes leaves nothing behind", bench::run_soak);
  soak.add_option("--guests", options_->guests, "At any time; 20 in a room")
      ->check(CLI::Range(2, 10'000))
      ->capture_default_str();
  soak.add_option("--seconds", options_->soak_s, "How long they come and go")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  soak.add_option("--idle-timeout", options_->idle_timeout_s, "Of the server, in seconds")
      ->check(CLI::Range(2, 3'600))
      ->capture_default_str();
  CLI::App& slow = add("slow-readers", "Subscribers who stop reading", bench::run_slow_readers);
  slow.add_option("--readers", options_->slow_readers, "Who stop")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  slow.add_option("--megabytes", options_->megabytes, "Of ops that they do not read")
      ->check(CLI::Range(24, 10'000))
      ->capture_default_str();
}

void BenchCommand::add_vs_sharedb() {
  CLI::App& app = add("vs-sharedb", "hot-doc, many-docs, fanout and catchup, in turns with ShareDB",
                      bench::run_vs_sharedb);
  add_seconds(app);
  add_warm_up(app);
  app.add_option("--sharedb", options_->sharedb, "tests/bench/sharedb_server.mjs")
      ->required()
      ->check(CLI::ExistingFile);
  app.add_option("--subscribers", options_->load.subscribers, "Of fanout")->capture_default_str();
  app.add_option("--behind", options_->behind, "Ops, of catchup")->capture_default_str();
}

}  // namespace

void add_bench(CLI::App& app, Run& run) { BenchCommand(app, run).add_all(); }

}  // namespace segue::server
