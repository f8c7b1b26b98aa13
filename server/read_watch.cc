#include "server/read_watch.h"

#include <utility>

namespace segue::server {

ReadWatch::Alarm::Alarm(const boost::asio::any_io_executor& executor,
                        std::chrono::milliseconds time, std::function<void()> ring)
    : timer_(executor, time), ring_(std::make_shared<std::function<void()>>(std::move(ring))) {
  timer_.async_wait([ring = std::weak_ptr(ring_)](boost::system::error_code) {
    if (const auto still_wanted = ring.lock()) {
      (*still_wanted)();
    }
  });
}

ReadWatch::ReadWatch(const boost::asio::any_io_executor& executor, const Limits& limits,
                     std::function<void(CloseReason)> close)
    : executor_(executor),
      limits_(limits),
      close_(std::move(close)),
      control_frames_(limits.control_frames) {}

void ReadWatch::opened() {
  first_message_ =
      std::make_unique<Alarm>(executor_, limits_.first_message_timeout, [this] { close_(silent); });
}

void ReadWatch::part_of_message() {
  empty_reads_ = 0;
  rest_ = std::make_unique<Alarm>(executor_, limits_.stall_timeout, [this] { close_(stalled); });
}

void ReadWatch::message() {
  empty_reads_ = 0;
  rest_.reset();
}

void ReadWatch::socket_read() {
  if (++empty_reads_ > limits_.empty_reads_max) {
    close_(too_many_frames);
  }
}

void ReadWatch::control_frame() {
  empty_reads_ = 0;
  const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now().time_since_epoch());
  if (control_frames_.take(1, now.count()).count() > 0) {
    close_(too_many_frames);
  }
}

void ReadWatch::stop() {
  first_message_.reset();
  rest_.reset();
}

}  // namespace segue::server
