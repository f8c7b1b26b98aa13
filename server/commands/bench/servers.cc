#include "server/commands/bench/servers.h"

#include <utility>

namespace segue::bench {

TestServer TestServer::segue(const Options& options, bool durable) {
  if (options.url.empty()) {
    return durable ? segue_on_disk(options)
                   : program({"/proc/self/exe", "serve", "--port", "0", "--in-memory"});
  }
  TestServer server;
  server.url_ = options.url;
  server.token_ = options.token;
  return server;
}

TestServer TestServer::segue_on_disk(const Options& options, const std::vector<std::string>& more) {
  auto data = std::make_unique<ScratchDir>(options.directory);
  std::vector<std::string> command{"/proc/self/exe", "serve", "--port", "0", "--data", data->str()};
  command.insert(command.end(), more.begin(), more.end());
  TestServer server = program(command);
  server.data_ = std::move(data);
  return server;
}

TestServer TestServer::program(const std::vector<std::string>& command) {
  TestServer server;
  server.process_ = std::make_unique<Process>(command);
  server.url_ = server.process_->url();
  return server;
}

}  // namespace segue::bench
