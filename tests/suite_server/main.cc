// suite-server: Segue as ShareDB's own client tests want a server: with the OT types that they
// bring along, a second server that commits no no-ops, and a port to change its ways while it runs.
//
// Prints {"url", "noops", "control"} and serves until SIGTERM. Nothing survives.

#include <array>
#include <cstdio>
#include <memory>
#include <string>
#include <thread>

#include "server/config.h"
#include "server/log.h"
#include "server/server.h"
#include "tests/suite_server/control.h"
#include "tests/suite_server/types.h"

namespace {

using segue::ot::Errc;
using segue::ot::fail;
using segue::ot::Json;
using segue::ot::Result;
using segue::server::Server;
using Servers = std::array<std::unique_ptr<Server>, 2>;

std::string text_at(const Json& body, std::string_view key) {
  const Json* value = body.find(key);
  return value != nullptr && value->is_string() ? value->str() : "";
}

Result<void> act(Servers& servers, std::string_view path, const Json& body) {
  const Json* fields = body.find("fields");
  if (path == "/projections" && fields != nullptr && fields->is_object()) {
    segue::ot::Projection projection{text_at(body, "name"), text_at(body, "collection"), {}};
    fields->for_each_member([&](std::string_view field, const Json& shown) {
      if (shown == Json(true)) {
        projection.fields.insert(std::string(field));
      }
    });
    for (const auto& server : servers) {
      server->add_projection(projection);
    }
    return {};
  }
  if (path == "/options") {
    const Json* suppressed = body.find("suppressPublish");
    for (const auto& server : servers) {
      server->suppress_publish(suppressed != nullptr && *suppressed == Json(true));
    }
    return {};
  }
  return fail(Errc::uncoded, "unknown");
}

std::string socket_url(const Server& server) {
  return "ws" + server.url().substr(std::string_view("http").size()) + "/";
}

}  // namespace

int main() {
  segue::server::start_log();
  Servers servers;
  for (std::size_t i = 0; i < servers.size(); ++i) {
    segue::server::Config config;
    config.port = 0;
    config.in_memory = true;
    config.no_op_suppression = i == 1;
    auto server = Server::open(config, {}, &segue::suite::find_type);
    if (!server) {
      std::fprintf(stderr, "suite-server: %s\n", server.error().detail.c_str());
      return 3;
    }
    servers.at(i) = std::move(*server);
  }
  segue::suite::Control control(
      [&](std::string_view path, const Json& body) { return act(servers, path, body); });
  std::printf(R"({"url":"%s","noops":"%s","control":"%s"})"
              "\n",
              socket_url(*servers[0]).c_str(), socket_url(*servers[1]).c_str(),
              control.url().c_str());
  std::fflush(stdout);
  std::jthread controlling([&] { control.run(); });
  std::jthread second([&] { static_cast<void>(servers[1]->run()); });
  const auto ended = servers[0]->run();
  servers[1]->stop();
  control.stop();
  return ended ? 0 : 1;
}
