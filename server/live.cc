#include "server/live.h"

#include <array>
#include <utility>

#include "server/gather.h"
#include "server/worker.h"

namespace segue::server {

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
    LiveNumber{"history_bytes", &Live::history_bytes, "Of those: of the newest ops"},
    LiveNumber{"waiting_requests", &Live::waiting_requests,
               "Requests to documents for which there is no memory"},
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

Live pending(const Shared& shared) {
  const auto commits = shared.commits.stats();
  Live live;
  live.pending_ops = commits.unsynced_entries;
  live.pending_bytes = commits.unsynced_bytes;
  return live;
}

void count_live(Shared& shared, const boost::asio::any_io_executor& home,
                std::function<void(const Live&)> then) {
  gather(
      shared, home, pending(shared), [](Worker& worker) { return worker.live(); }, std::move(then));
}

}  // namespace segue::server
