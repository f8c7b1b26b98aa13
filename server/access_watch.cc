#include "server/access_watch.h"

#include <cstddef>

#include <boost/asio/post.hpp>

#include "server/log.h"

namespace segue::server {

void look_after_access(Shared& shared, std::vector<std::unique_ptr<ConnectionList>>& connections,
                       access::Which which) {
  const auto before = shared.access->generation();
  for (const ot::Error& error : shared.access->reload(which)) {
    log_error("access: {}; what was in force stays so", error.detail);
  }
  if (shared.access->generation() == before) {
    return;
  }
  log_info("access: keys, policy and revocations are up to date");
  for (std::size_t index = 0; index < shared.workers.size(); ++index) {
    boost::asio::post(shared.workers[index]->io(), [&list = *connections[index]] {
      list.for_each([](Client& client) { client.access_changed(); });
    });
  }
}

}  // namespace segue::server
