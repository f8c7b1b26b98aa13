// Adding up what each worker says of itself.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <utility>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/post.hpp>

#include "server/worker.h"

namespace segue::server {

// Calls `share_of(worker)` on each worker's thread, and `then` on `home` with `start` and all the
// shares added to it; they are some turns of the loops apart. REQUIRES: the workers run; `shared`
// and `home` live until `then` is called.
template <class Sum, class ShareOf>
void gather(Shared& shared, const boost::asio::any_io_executor& home, Sum start, ShareOf share_of,
            std::function<void(const Sum&)> then) {
  struct Gathering {
    Sum sum;
    std::size_t left;
    std::function<void(const Sum&)> then;
  };
  auto gathering = std::make_shared<Gathering>(
      Gathering{std::move(start), shared.workers.size(), std::move(then)});
  for (const auto& worker : shared.workers) {
    boost::asio::post(worker->io(), [&worker = *worker, home, share_of, gathering] {
      boost::asio::post(home, [gathering, share = share_of(worker)] {
        gathering->sum += share;
        if (--gathering->left == 0) {
          gathering->then(gathering->sum);
        }
      });
    });
  }
}

}  // namespace segue::server
