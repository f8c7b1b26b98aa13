#include "server/file_watch.h"

#include <chrono>
#include <csignal>
#include <utility>

namespace segue::server {

namespace {
// A revocation takes effect within a second.
constexpr std::chrono::milliseconds look_interval{200};
}  // namespace

FileWatch::FileWatch(boost::asio::io_context& io, std::function<void(access::Which)> look)
    : look_(std::move(look)), timer_(io), hangup_(io, SIGHUP) {}

void FileWatch::start() {
  look_again_later();
  look_on_hangup();
}

void FileWatch::look_again_later() {
  timer_.expires_after(look_interval);
  timer_.async_wait([this](boost::system::error_code cancelled) {
    if (!cancelled) {
      look_(access::Which::changed);
      look_again_later();
    }
  });
}

void FileWatch::look_on_hangup() {
  hangup_.async_wait([this](boost::system::error_code cancelled, int) {
    if (!cancelled) {
      look_(access::Which::all);
      look_on_hangup();
    }
  });
}

}  // namespace segue::server
