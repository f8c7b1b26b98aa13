// ReadWatch: ends a connection whose peer sends nothing of use: no valid message after the opening,
// half a message and then silence, frames that carry nothing. Normative: spec/limits.md.
//
// Strand: the connection's.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include "server/close_code.h"
#include "server/limits.h"
#include "server/token_bucket.h"

namespace segue::server {

class ReadWatch {
 public:
  // `close` may be called from any of the members, and more than once.
  ReadWatch(const boost::asio::any_io_executor& executor, const Limits& limits,
            std::function<void(CloseReason)> close);

  // The WebSocket is open; the first message that was understood.
  void opened();
  void understood() { first_message_.reset(); }
  // Something of a message has come, or all of it.
  void part_of_message();
  void message();
  // The socket is read. One read of the WebSocket may take many: fragments without content are
  // passed over in silence.
  void socket_read();
  void control_frame();
  // Nothing is expected any more.
  void stop();

 private:
  // A timer that can be taken back.
  class Alarm {
   public:
    Alarm(const boost::asio::any_io_executor& executor, std::chrono::milliseconds time,
          std::function<void()> ring);

   private:
    boost::asio::steady_timer timer_;
    std::shared_ptr<std::function<void()>> ring_;
  };

  boost::asio::any_io_executor executor_;
  const Limits& limits_;
  std::function<void(CloseReason)> close_;
  std::unique_ptr<Alarm> first_message_;  // until it has come
  std::unique_ptr<Alarm> rest_;           // of a message
  std::size_t empty_reads_ = 0;           // of the socket, since something came
  TokenBucket control_frames_;
};

}  // namespace segue::server
