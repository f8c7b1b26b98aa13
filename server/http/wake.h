// Wake: a coroutine's wait for new ops of a topic. What comes between two waits ends the next at
// once, so nobody who reads the log before each wait misses anything.
//
// Strand: the worker's.
#pragma once

#include <chrono>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "server/news.h"
#include "server/worker.h"

namespace segue::server {

class Wake {
 public:
  Wake(Worker& worker, const NewsTopic& topic)
      : timer_(worker.io()), reader_(worker.news(), topic, [this] { ring(); }) {}

  // Returns at news, or at `deadline`.
  boost::asio::awaitable<void> wait(std::chrono::steady_clock::time_point deadline) {
    if (!rung_) {
      timer_.expires_at(deadline);
      constexpr auto as_result = boost::asio::as_tuple(boost::asio::use_awaitable);
      co_await timer_.async_wait(as_result);
    }
    rung_ = false;
  }

 private:
  void ring() {
    rung_ = true;
    timer_.cancel();
  }

  bool rung_ = false;
  boost::asio::steady_timer timer_;
  News::Reader reader_;
};

}  // namespace segue::server
