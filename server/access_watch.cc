#include "server/access_watch.h"

#include <chrono>
#include <csignal>
#include <cstddef>

#include <boost/asio/post.hpp>

#include "server/log.h"

namespace segue::server {

namespace {
// A revocation takes effect within a second.
constexpr std::chrono::milliseconds look_interval{200};
}  // namespace

AccessWatch::AccessWatch(boost::asio::io_context& io, Shared& shared,
                         std::vector<std::unique_ptr<ConnectionList>>& connections)
    : shared_(shared), connections_(connections), timer_(io), hangup_(io, SIGHUP) {}

void AccessWatch::start() {
  look_again_later();
  look_on_hangup();
}

void AccessWatch::look_again_later() {
  timer_.expires_after(look_interval);
  timer_.async_wait([this](boost::system::error_code cancelled) {
    if (!cancelled) {
      look(access::Access::Which::changed);
      look_again_later();
    }
  });
}

void AccessWatch::look_on_hangup() {
  hangup_.async_wait([this](boost::system::error_code cancelled, int) {
    if (!cancelled) {
      look(access::Access::Which::all);
      look_on_hangup();
    }
  });
}

void AccessWatch::look(access::Access::Which which) {
  const auto before = shared_.access->generation();
  for (const ot::Error& error : shared_.access->reload(which)) {
    log_error("access: {}; what was in force stays so", error.detail);
  }
  if (shared_.access->generation() == before) {
    return;
  }
  log_info("access: keys, policy and revocations are up to date");
  for (std::size_t index = 0; index < shared_.workers.size(); ++index) {
    boost::asio::post(shared_.workers[index]->io(), [&list = *connections_[index]] {
      list.for_each([](Client& client) { client.access_changed(); });
    });
  }
}

}  // namespace segue::server
