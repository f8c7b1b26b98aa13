#include "server/live.h"

#include <array>
#include <memory>
#include <utility>

#include <boost/asio/post.hpp>

#include "server/worker.h"

namespace segue::server {

namespace asio = boost::asio;

namespace {

constexpr std::array all_numbers = {
    LiveNumber{"connections", &Live::connections, "WebSockets that are open"},
    LiveNumber{"outbox_bytes", &Live::outbox_bytes, "Bytes that wait for their readers"},
    LiveNumber{"subscriptions", &Live::subscriptions, "Subscriptions to documents"},
    LiveNumber{"channels", &Live::channels, "Presence channels that anybody is in"},
    LiveNumber{"presences", &Live::presences, "Presences that are remembered"},
    LiveNumber{"queries", &Live::queries, "Live queries"},
    LiveNumber{"query_bytes", &Live::query_bytes, "Bytes of documents held for queries"},
    LiveNumber{"documents", &Live::documents, "Documents in memory"},
    LiveNumber{"document_bytes", &Live::document_bytes, "Bytes of documents and their newest ops"},
    LiveNumber{"pending_ops", &Live::pending_ops, "Ops that are not on disk yet"},
    LiveNumber{"pending_bytes", &Live::pending_bytes, "Bytes of ops that are not on disk yet"},
};
static_assert(sizeof(Live) == all_numbers.size() * sizeof(std::size_t), "a number has no name");

}  // namespace

std::span<const LiveNumber> live_numbers() { return all_numbers; }

Live& Live::operator+=(const Live& other) {
  for (const LiveNumber& number : live_numbers()) {
    this->*number.member += other.*number.member;
  }
  return *this;
}

std::string live_text(const Live& live) {
  std::string out = "{";
  for (const LiveNumber& number : live_numbers()) {
    out += out.size() == 1 ? "\"" : ",\"";
    out.append(number.name).append("\":").append(std::to_string(live.*number.member));
  }
  return out + "}";
}

void count_live(Shared& shared, const asio::any_io_executor& home,
                std::function<void(const Live&)> then) {
  struct Count {
    Live sum;
    std::size_t left;
    std::function<void(const Live&)> then;
  };
  auto count = std::make_shared<Count>(Count{{}, shared.workers.size(), std::move(then)});
  const auto pending = shared.commits.stats();
  count->sum.pending_ops = pending.unsynced_entries;
  count->sum.pending_bytes = pending.unsynced_bytes;
  for (const auto& worker : shared.workers) {
    asio::post(worker->io(), [&worker = *worker, home, count] {
      asio::post(home, [count, share = worker.live()] {
        count->sum += share;
        if (--count->left == 0) {
          count->then(count->sum);
        }
      });
    });
  }
}

}  // namespace segue::server
