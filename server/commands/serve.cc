// segue serve: runs the server.

#include <chrono>
#include <cstdio>
#include <memory>
#include <sstream>
#include <string>
#include <thread>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <boost/asio/ip/address.hpp>

#include "server/commands/access_options.h"
#include "server/commands/commands.h"
#include "server/commands/schemas.h"
#include "server/commands/tool.h"
#include "server/config.h"
#include "server/log.h"
#include "server/server.h"

namespace segue::server {

namespace {

bool is_loopback(const std::string& host) {
  boost::system::error_code error;
  const auto address = boost::asio::ip::make_address(host, error);
  return host == "localhost" || (!error && address.is_loopback());
}

// "name=collection:field,field"
ot::Result<ot::Projection> parse_projection(const std::string& text) {
  const std::size_t equals = text.find('=');
  const std::size_t colon = text.rfind(':');
  if (equals == std::string::npos || colon == std::string::npos || colon < equals) {
    return ot::fail(ot::Errc::uncoded, text + " is not of the form name=collection:field,field");
  }
  ot::Projection projection{
      text.substr(0, equals), text.substr(equals + 1, colon - equals - 1), {}};
  std::istringstream fields(text.substr(colon + 1));
  for (std::string field; std::getline(fields, field, ',');) {
    projection.fields.insert(field);
  }
  if (projection.name.empty() || projection.collection.empty() || projection.fields.empty()) {
    return ot::fail(ot::Errc::uncoded, text + " leaves a name empty, or has no field");
  }
  return projection;
}

int serve(const Config& config, const Limits& limits, const ot::TypeRegistry& types,
          bool durability_given) {
  if (!is_loopback(config.host) && !config.insecure && !config.access) {
    std::fprintf(stderr,
                 "segue: without --keys the server listens on loopback only; to open %s to "
                 "everybody who can reach it, add --insecure\n",
                 config.host.c_str());
    return exit_usage;
  }
  start_log();
  if (config.in_memory && durability_given) {
    log_warning("--durability means nothing with --in-memory: nothing survives the process");
  }
  auto server = Server::open(config, limits, types.lookup());
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

void add_guarding(CLI::App& command, Config& config) {
  command.add_flag(
      "--compress", config.compress,
      "Compress messages from 1 KiB on, for clients that want it (permessage-deflate)");
  command
      .add_option("--limits", config.guarding,
                  "on, off, or auto: hold connections to numbers and rates; auto: those from "
                  "elsewhere, with --keys")
      ->transform(CLI::CheckedTransformer(std::map<std::string, Guarding>{
          {"auto", Guarding::automatic}, {"on", Guarding::on}, {"off", Guarding::off}}))
      ->option_text("on|off|auto");
  command
      .add_option("--trusted-proxy", config.trusted_proxies,
                  "Address of a proxy that is not held to them; may be repeated")
      ->option_text("ADDRESS");
}

}  // namespace

void add_serve(CLI::App& app, Run& run) {
  auto config = std::make_shared<Config>();
  auto limits = std::make_shared<Limits>();
  CLI::App* command = app.add_subcommand("serve", "Run the server");
  command->add_option("--host", config->host, "Address to listen on")->capture_default_str();
  command->add_option("--port", config->port, "Port to listen on; 0: any that is free")
      ->envname("PORT")
      ->capture_default_str();
  CLI::Option* data =
      command->add_option("--data", config->data, "Directory of the op log")->capture_default_str();
  command->add_flag("--in-memory", config->in_memory, "Keep everything in memory; nothing survives")
      ->excludes(data);
  auto durability = std::make_shared<std::string>("sync");
  CLI::Option* given =
      command
          ->add_option("--durability", *durability,
                       "sync: acknowledge what is on disk; async: acknowledge at once, up to 1 s "
                       "or 4 MiB ahead of the disk")
          ->check(CLI::IsMember({"sync", "async"}))
          ->capture_default_str();
  command
      ->add_option("--free-space-min", config->free_space_min,
                   "Space that is left free on the disk: edits that would need it wait")
      ->transform(CLI::AsSizeValue(false))
      ->excludes("--in-memory")
      ->default_str("64M");
  command->add_option("--threads", config->threads, "Event loops; 0: one for each core")
      ->check(CLI::Range(0, 256))
      ->capture_default_str();
  command
      ->add_option("--memory", limits->documents_bytes_max,
                   "Memory for documents, such as 256M; those nobody uses are dropped beyond it")
      ->transform(CLI::AsSizeValue(false))
      ->default_str("256M");
  command
      ->add_option("--query-memory", limits->query_bytes_max,
                   "Memory for the documents of collections that are queried, such as 1G")
      ->transform(CLI::AsSizeValue(false))
      ->default_str("1G");
  command
      ->add_option_function<int>(
          "--idle-timeout",
          [limits](int seconds) { limits->idle_timeout = std::chrono::seconds(seconds); },
          "Seconds of silence after which a connection is given up; it is pinged after half of "
          "them")
      ->check(CLI::Range(2, 3'600))
      ->default_str("50");
  command->add_option("--origin", config->origins,
                      "Web origin that may connect, such as https://show.example; repeatable");
  auto projections = std::make_shared<std::vector<std::string>>();
  command
      ->add_option("--projection", *projections,
                   "name=collection:field,field: the collection under another name, with these "
                   "fields only; repeatable")
      ->check(CLI::Validator(
          [](const std::string& text) {
            const auto projection = parse_projection(text);
            return projection ? std::string() : projection.error().detail;
          },
          "NAME=COLLECTION:FIELD,..."));
  command
      ->add_option("--exclusive-leases", config->exclusive_leases,
                   "Collection in which others cannot change what somebody has a lease of; * for "
                   "all; repeatable")
      ->option_text("COLLECTION");
  command->add_flag("--no-op-suppression", config->no_op_suppression,
                    "Do not commit ops that concurrent ones have left nothing of");
  add_guarding(*command, *config);
  command->add_flag("--insecure", config->insecure,
                    "Listen beyond loopback although there is no access control");
  auto access = add_access(*command);
  command->callback([config, limits, types = add_schemas(*command), durability, given, projections,
                     access, &run] {
    config->access = access->keys.empty() ? std::nullopt : std::optional(*access);
    for (const std::string& text : *projections) {
      config->projections.push_back(*parse_projection(text));
    }
    config->durability = *durability == "async" ? Durability::async : Durability::sync;
    run = [config, limits, types, given] {
      return serve(*config, *limits, *types, given->count() > 0);
    };
  });
}

}  // namespace segue::server
