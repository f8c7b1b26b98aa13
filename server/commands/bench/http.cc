// http: polling a document that has not changed, at Segue and at Beast alone, in turns.

#include <array>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

#include "server/commands/bench/peer.h"
#include "server/commands/bench/scenarios.h"
#include "server/commands/bench/servers.h"

namespace segue::bench {

namespace {

namespace asio = boost::asio;
using Endpoint = asio::ip::tcp::endpoint;

constexpr std::string_view head_end = "\r\n\r\n";
constexpr std::string_view place = "/v1/docs/bench/poll HTTP/1.1\r\nHost: 127.0.0.1\r\n";

std::string poll_request() { return "GET " + std::string(place) + "If-None-Match: \"1\"\r\n\r\n"; }

// Asks again as soon as it was answered. Every answer must be a 304.
class Poller {
 public:
  Poller(asio::io_context& io, const Endpoint& endpoint) : socket_(io) {
    socket_.connect(endpoint);
    socket_.set_option(asio::ip::tcp::no_delay(true));
  }

  std::size_t answers() const { return answers_; }
  bool failed() const { return failed_; }

  void ask() {
    asio::async_write(socket_, asio::buffer(request_),
                      [this](auto error, std::size_t) { error ? fail() : read(); });
  }

 private:
  void read() {
    socket_.async_read_some(asio::buffer(space_), [this](auto error, std::size_t size) {
      if (error) {
        return fail();
      }
      answer_.append(space_.data(), size);
      if (!answer_.ends_with(head_end)) {
        return read();
      }
      if (!answer_.starts_with("HTTP/1.1 304")) {
        return fail();
      }
      answer_.clear();
      ++answers_;
      ask();
    });
  }
  void fail() { failed_ = true; }

  asio::ip::tcp::socket socket_;
  const std::string request_ = poll_request();
  std::array<char, 4096> space_{};
  std::string answer_;
  std::size_t answers_ = 0;
  bool failed_ = false;
};

void create_document(const Endpoint& endpoint) {
  asio::io_context io;
  asio::ip::tcp::socket socket(io);
  socket.connect(endpoint);
  const std::string request = "PUT " + std::string(place) +
                              "If-None-Match: *\r\nContent-Type: application/json\r\n"
                              "Content-Length: 16\r\nConnection: close\r\n\r\n{\"venue\":\"Hall\"}";
  asio::write(socket, asio::buffer(request));
  std::string answer;
  asio::read_until(socket, asio::dynamic_buffer(answer), head_end);
  if (!answer.starts_with("HTTP/1.1 201")) {
    throw std::runtime_error("the document was not created: " + answer);
  }
}

Figures poll(const Target& target, std::size_t connections, double time_s) {
  using Clock = std::chrono::steady_clock;
  asio::io_context io{1};
  std::vector<std::unique_ptr<Poller>> pollers;
  for (std::size_t i = 0; i < connections; ++i) {
    pollers.push_back(std::make_unique<Poller>(io, resolve(target.url).endpoint));
    pollers.back()->ask();
  }
  const auto before = Clock::now();
  const double server_before = target.process->cpu_us();
  const double own_before = own_cpu_us();
  io.run_for(duration_of_s(time_s));
  const std::chrono::duration<double, std::micro> time = Clock::now() - before;
  double answers = 0;
  for (const auto& poller : pollers) {
    if (poller->failed()) {
      throw std::runtime_error("a poll at " + target.url + " was not answered by a 304");
    }
    answers += static_cast<double>(poller->answers());
  }
  return {{"requests_per_s", answers / time.count() * 1e6},
          {"server_us_per_request", (target.process->cpu_us() - server_before) / answers},
          {"generator_percent", (own_cpu_us() - own_before) / time.count() * 100}};
}

}  // namespace

std::vector<Row> run_http(const Options& options) {
  std::vector<Figures> bare;
  std::vector<Figures> own;
  for (std::size_t i = 0; i < options.repeat; ++i) {
    if (!options.bare_server.empty()) {
      const TestServer server = TestServer::program({options.bare_server});
      bare.push_back(poll(server.target(), options.connections, options.load.seconds));
    }
    const TestServer server = TestServer::segue(options, options.durable);
    create_document(resolve(server.target().url).endpoint);
    own.push_back(poll(server.target(), options.connections, options.load.seconds));
  }
  std::vector<Row> rows;
  Figures figures = medians(own);
  if (!bare.empty()) {
    rows.push_back({"http", "beast alone", medians(bare)});
    const double share =
        value_of(figures, "requests_per_s") / value_of(rows.back().figures, "requests_per_s");
    figures.push_back({"of_beast_percent", share * 100});
  }
  rows.push_back({"http", "segue", std::move(figures)});
  return rows;
}

}  // namespace segue::bench
