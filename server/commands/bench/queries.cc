// queries: what live queries cost the ops that none of them is about.

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "server/commands/bench/audit.h"
#include "server/commands/bench/peer.h"
#include "server/commands/bench/scenarios.h"
#include "server/commands/bench/servers.h"

namespace segue::bench {

namespace {

constexpr double step_limit_s = 300;
constexpr std::size_t creates_in_flight = 1'000;
constexpr std::size_t documents_per_query = 20;

// Documents that are queried, in the collection of the plans that are edited, and who follows them.
class Crowd {
 public:
  Crowd(boost::asio::io_context& io, const Target& target)
      : io_(io), server_(resolve(target.url, target.token)) {}

  void create(std::size_t documents) {
    documents_ = documents;
    std::size_t sent = 0;
    std::size_t acks = 0;
    std::unique_ptr<Peer> author;
    const auto send_next = [&] {
      if (sent < documents) {
        author->send(create_message(sent));
        ++sent;
      }
    };
    author = std::make_unique<Peer>(io_, server_, [&](std::string_view message) {
      if (message.starts_with(R"({"a":"op")")) {
        ++acks;
        send_next();
      }
    });
    while (sent < std::min(documents, creates_in_flight)) {
      send_next();
    }
    run_until(
        io_, [&] { return acks == documents; }, step_limit_s, "the documents to be created");
  }

  void follow(std::size_t queries, std::size_t connections) {
    for (std::size_t i = 0; i < connections; ++i) {
      followers_.push_back(std::make_unique<Peer>(io_, server_, [this](std::string_view message) {
        answered_ += message.starts_with(R"({"a":"qs")") ? 1 : 0;
      }));
    }
    for (std::size_t i = 0; i < queries; ++i) {
      followers_[i % connections]->send(query_message(i));
    }
    run_until(
        io_, [&] { return answered_ == queries; }, step_limit_s, "the queries to be answered");
  }

 private:
  // Document i is number i / 20 of its status and has its own place in the order.
  static std::string create_message(std::size_t i) {
    return R"({"a":"op","c":"bench","d":"queried-)" + std::to_string(i) + R"(","v":0,"seq":)" +
           std::to_string(i + 1) + R"(,"create":{"type":"json0","data":{"status":"s)" +
           std::to_string(i / documents_per_query) + R"(","place":)" + std::to_string(i) +
           R"(,"title":"A document that somebody looks for"}}})";
  }

  // By turns one that selects by a value, in order and limited, and one that selects by a range.
  std::string query_message(std::size_t i) const {
    const std::size_t first = i * documents_per_query % documents_;
    const std::string query =
        i % 2 == 0 ? R"({"status":"s)" + std::to_string(first / documents_per_query) +
                         R"(","$sort":{"place":-1},"$limit":10})"
                   : R"({"place":{"$gte":)" + std::to_string(first) + R"(,"$lt":)" +
                         std::to_string(first + documents_per_query) + "}}";
    return R"({"a":"qs","c":"bench","id":)" + std::to_string(i) + R"(,"q":)" + query + "}";
  }

  boost::asio::io_context& io_;
  Address server_;
  std::size_t documents_ = 0;
  std::size_t answered_ = 0;
  std::vector<std::unique_ptr<Peer>> followers_;
};

Figures run_once(const Options& options, bool with_queries) {
  const TestServer server = TestServer::segue(options, options.durable);
  boost::asio::io_context io(1);
  Crowd crowd(io, server.target());
  crowd.create(options.queried);
  if (with_queries) {
    crowd.follow(options.queries, options.followers);
  }
  return run_load(server.target(), options.load, plan());
}

}  // namespace

std::vector<Row> run_queries(const Options& options) {
  std::vector<Figures> without;
  std::vector<Figures> with;
  for (std::size_t i = 0; i < options.repeat; ++i) {
    without.push_back(run_once(options, false));
    with.push_back(run_once(options, true));
  }
  const Figures base = medians(without);
  const Figures queried = medians(with);
  Figures ratios;
  for (const char* name : {"server_us_per_op", "ack_p50_us", "ack_p99_us"}) {
    ratios.push_back({name, value_of(queried, name) / value_of(base, name)});
  }
  const std::string row = std::to_string(options.queries) + " queries";
  return {{"queries", "no queries", base},
          {"queries", row, queried},
          {"queries", row + " / none", ratios}};
}

}  // namespace segue::bench
