#include "server/commands/bench/servers.h"

namespace segue::bench {

TestServer TestServer::segue(const Options& options, bool durable) {
  TestServer server;
  server.url_ = options.url;
  server.token_ = options.token;
  if (options.url.empty()) {
    std::vector<std::string> command{"/proc/self/exe", "serve", "--port", "0"};
    if (durable) {
      server.data_ = std::make_unique<ScratchDir>(options.directory);
      command.insert(command.end(), {"--data", server.data_->str()});
    } else {
      command.emplace_back("--in-memory");
    }
    server.process_ = std::make_unique<Process>(command);
    server.url_ = server.process_->url();
  }
  return server;
}

TestServer TestServer::program(const std::vector<std::string>& command) {
  TestServer server;
  server.process_ = std::make_unique<Process>(command);
  server.url_ = server.process_->url();
  return server;
}

}  // namespace segue::bench
