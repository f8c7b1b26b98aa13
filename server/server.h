// Server: everything that runs, put together: log, commit thread, workers, listener. Built by
// `segue serve` and by tests.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "ot/builtin_types.h"
#include "ot/result.h"
#include "ot/type_lookup.h"
#include "server/config.h"
#include "server/limits.h"

namespace segue::server {

class Server {
 public:
  // Opens the log and the port. Errors, each a sentence for the operator: log_locked,
  // log_not_found, log_io, log_corrupt; uncoded where the port cannot be had.
  static ot::Result<std::unique_ptr<Server>> open(const Config& config, const Limits& limits = {},
                                                  ot::TypeLookup types = &ot::find_type);
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server();

  // "http://127.0.0.1:7070"
  std::string url() const;

  // Serves until SIGTERM or SIGINT, or until stop(). Then accepts no more, settles what was
  // received, says goodbye to every client, and returns. A second signal ends the process. Error:
  // log_io, if the log failed on the way.
  ot::Result<void> run();
  // Any thread.
  void stop();

  // For the tests of clients, any thread. A projection more, for requests from now on; and whether
  // ops are committed without telling the subscribers.
  void add_projection(ot::Projection projection);
  void suppress_publish(bool suppressed);

 private:
  struct Parts;
  explicit Server(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace segue::server
