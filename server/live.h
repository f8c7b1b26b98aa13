// Live: what the server holds at this moment, by its own count; for operators, metrics and tests.
// A number more is a member here, a line in live_numbers(), and where it is counted in
// Worker::live() or count_live().
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include <boost/asio/any_io_executor.hpp>

namespace segue::server {

struct Shared;

struct Live {
  std::size_t connections = 0;  // WebSockets
  std::size_t outbox_bytes = 0;
  std::size_t subscriptions = 0;
  std::size_t channels = 0;
  std::size_t presences = 0;
  std::size_t queries = 0;
  std::size_t query_bytes = 0;
  std::size_t documents = 0;
  std::size_t document_bytes = 0;
  std::size_t history_bytes = 0;
  std::size_t waiting_requests = 0;
  std::size_t pending_ops = 0;
  std::size_t pending_bytes = 0;

  Live& operator+=(const Live& other);
  bool operator==(const Live&) const = default;
};

// Each number with the name it goes by wherever it is shown.
struct LiveNumber {
  std::string_view name;
  std::size_t Live::*member;
  std::string_view what;
};
std::span<const LiveNumber> live_numbers();

// {"connections":2,...}
std::string live_text(const Live& live);

// What belongs to no worker.
Live pending(const Shared& shared);

// Calls `then` on `home` with what all workers hold, and what is pending: see gather(). It looks at
// every document and connection: about a millisecond for 10,000.
void count_live(Shared& shared, const boost::asio::any_io_executor& home,
                std::function<void(const Live&)> then);

}  // namespace segue::server
