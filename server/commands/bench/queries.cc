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

enum class Select { by_value, by_range };

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

  // Makes the server read the collection, which is not what a query costs.
  void load() {
    follow(1, 1, Select::by_value);
    followers_.clear();
    asked_ = 0;
    answered_ = 0;
  }

  // Each connection has as many of the queries as any other.
  void follow(std::size_t queries, std::size_t connections, Select select) {
    while (followers_.size() < connections) {
      add_follower();
    }
    const std::size_t first = asked_;
    for (; asked_ < first + queries; ++asked_) {
      followers_[asked_ % connections]->send(query_message(select, asked_));
    }
    run_until(
        io_, [&] { return answered_ == asked_; }, step_limit_s, "the queries to be answered");
  }

 private:
  // Document i is number i / 20 of its status and has its own place in the order.
  static std::string create_message(std::size_t i) {
    return R"({"a":"op","c":"bench","d":"queried-)" + std::to_string(i) + R"(","v":0,"seq":)" +
           std::to_string(i + 1) + R"(,"create":{"type":"json0","data":{"status":"s)" +
           std::to_string(i / documents_per_query) + R"(","place":)" + std::to_string(i) +
           R"(,"title":"A document that somebody looks for"}}})";
  }

  // In order and limited, or all in a range.
  std::string query_message(Select select, std::size_t i) const {
    const std::size_t first = i * documents_per_query % documents_;
    const std::string query = select == Select::by_value
                                  ? R"({"status":"s)" +
                                        std::to_string(first / documents_per_query) +
                                        R"(","$sort":{"place":-1},"$limit":10})"
                                  : R"({"place":{"$gte":)" + std::to_string(first) + R"(,"$lt":)" +
                                        std::to_string(first + documents_per_query) + "}}";
    return R"({"a":"qs","c":"bench","id":)" + std::to_string(i) + R"(,"q":)" + query + "}";
  }

  void add_follower() {
    followers_.push_back(std::make_unique<Peer>(io_, server_, [this](std::string_view message) {
      answered_ += message.starts_with(R"({"a":"qs")") ? 1 : 0;
    }));
  }

  boost::asio::io_context& io_;
  Address server_;
  std::size_t documents_ = 0;
  std::size_t asked_ = 0;
  std::size_t answered_ = 0;
  std::vector<std::unique_ptr<Peer>> followers_;
};

// What an average query costs the server to answer for the first time.
double subscribe_us(const Target& target, Crowd& crowd, const Options& options, Select select) {
  const double before = target.cpu_us();
  const std::size_t queries = options.queries / 2;
  crowd.follow(queries, options.followers, select);
  return (target.cpu_us() - before) / static_cast<double>(queries);
}

}  // namespace

// Two servers with the same documents, one of which has queries, in turns.
std::vector<Row> run_queries(const Options& options) {
  const TestServer plain = TestServer::segue(options, options.durable);
  const TestServer queried = TestServer::segue(options, options.durable);
  boost::asio::io_context io(1);
  Crowd nobody(io, plain.target());
  Crowd crowd(io, queried.target());
  nobody.create(options.queried);
  crowd.create(options.queried);
  const Target target = queried.target();
  crowd.load();
  const double by_value = subscribe_us(target, crowd, options, Select::by_value);
  const double by_range = subscribe_us(target, crowd, options, Select::by_range);
  std::vector<Figures> without;
  std::vector<Figures> with;
  for (std::size_t i = 0; i < options.repeat; ++i) {
    without.push_back(run_load(plain.target(), options.load, plan()));
    with.push_back(run_load(target, options.load, plan()));
    io.poll();  // The followers answer pings.
  }
  const Figures base = medians(without);
  const Figures with_queries = medians(with);
  Figures ratios;
  for (const char* name : {"server_us_per_op", "ack_p50_us", "ack_p99_us"}) {
    ratios.push_back({name, value_of(with_queries, name) / value_of(base, name)});
  }
  const std::string row = std::to_string(options.queries) + " queries";
  return {{"queries", "no queries", base},
          {"queries", row, with_queries},
          {"queries", row + " / none", ratios},
          {"queries", "to subscribe", {{"by_value_us", by_value}, {"by_range_us", by_range}}}};
}

}  // namespace segue::bench
