// The client and a server that shuts down: it comes back when it is told to, with nothing lost.

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <system_error>
#include <utility>
#include <variant>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <doctest/doctest.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): kill is POSIX.
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clients/cpp/client.h"
#include "ot/json_text.h"
#include "tests/support/temp_dir.h"

using namespace segue;
using namespace segue::client;
using namespace std::chrono_literals;
namespace asio = boost::asio;
namespace websocket = boost::beast::websocket;
using Clock = std::chrono::steady_clock;

namespace {

const ot::DocId plan{"plans", "p"};
constexpr auto limit = 30s;  // A wait this long is a failure.

template <class Done>
void run_until(asio::io_context& io, Done done) {
  const auto end = Clock::now() + limit;
  io.restart();
  while (!done()) REQUIRE(io.run_one_until(end) > 0);
}

// `segue serve` in a process of its own, from when it listens.
class ServerProcess {
 public:
  ServerProcess(const std::string& data, const std::string& port) {
    std::array<int, 2> out{};
    REQUIRE(::pipe(out.data()) == 0);
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
    ::posix_spawn_file_actions_addclose(&actions, out[0]);
    // NOLINTNEXTLINE(concurrency-mt-unsafe): nobody sets variables meanwhile.
    std::string program = std::getenv("SEGUE_BINARY");
    std::array<std::string, 5> words{"serve", "--data", data, "--port", port};
    std::array<char*, 7> argv{program.data()};
    std::transform(words.begin(), words.end(), argv.begin() + 1,
                   [](std::string& word) { return word.data(); });
    const int failed = ::posix_spawn(&pid_, argv[0], &actions, nullptr, argv.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    ::close(out[1]);
    REQUIRE(failed == 0);
    out_.reset(::fdopen(out[0], "r"));
    std::array<char, 200> line{};
    REQUIRE(std::fgets(line.data(), line.size(), out_.get()) != nullptr);
    const std::string url = line.data();
    port_ = url.substr(url.rfind(':') + 1);
    port_.pop_back();  // the end of the line
  }
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;
  ~ServerProcess() {
    if (pid_ != 0) ::kill(pid_, SIGKILL);
    if (pid_ != 0) ::waitpid(pid_, nullptr, 0);
  }

  const std::string& port() const { return port_; }
  void terminate() const { ::kill(pid_, SIGTERM); }
  // Whether it has ended, and then how_it_ended() is as waitpid says.
  bool ended() {
    if (pid_ != 0 && ::waitpid(pid_, &how_it_ended_, WNOHANG) == pid_) pid_ = 0;
    return pid_ == 0;
  }
  int how_it_ended() const { return how_it_ended_; }

 private:
  pid_t pid_ = 0;
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> out_{nullptr, &std::fclose};
  std::string port_;
  int how_it_ended_ = -1;
};

// Counts up, again whenever it is told that the count is saved.
class Typist {
 public:
  Typist(asio::io_context& io, const std::string& port)
      : client_(io.get_executor(), {"127.0.0.1", port, "/"}) {
    client_.on_event([this](const Event& event) {
      if (std::holds_alternative<Acknowledged>(event.what)) type();
      rejected_ = rejected_ || std::holds_alternative<Rejected>(event.what);
    });
    client_.subscribe(plan);
    client_.start();
  }

  void type() {
    if (done_) return;
    REQUIRE(client_.edit(plan, *ot::parse_json(R"([{"p":["n"],"na":1}])")));
    ++edits_;
  }
  void stop() { done_ = true; }

  Client& client() { return client_; }
  bool online() const { return client_.state().ready(); }
  const SyncDoc& doc() const { return *client_.state().find(plan); }
  bool has_document() const { return doc().version() >= ot::Version{1}; }
  bool settled() const { return online() && doc().settled(); }
  double count() const { return doc().data().find("n")->number(); }
  int edits() const { return edits_; }
  bool rejected() const { return rejected_; }

 private:
  Client client_;
  int edits_ = 0;
  bool done_ = false;
  bool rejected_ = false;
};

using Typists = std::vector<std::unique_ptr<Typist>>;

template <class Question>
bool all(const Typists& typists, Question question) {
  return std::all_of(typists.begin(), typists.end(),
                     [&](const auto& one) { return ((*one).*question)(); });
}

}  // namespace

TEST_CASE(
    "client: after SIGTERM under load all are back within five seconds with nothing pending") {
  const test::TempDir directory;
  auto server = std::make_unique<ServerProcess>(directory.str("log"), "0");
  asio::io_context io;
  Typists typists;
  for (int i = 0; i < 8; ++i) typists.push_back(std::make_unique<Typist>(io, server->port()));
  REQUIRE(typists[0]->client().create(plan, "json0", *ot::parse_json(R"({"n":0})")));
  run_until(io, [&] { return all(typists, &Typist::has_document); });
  for (const auto& one : typists) one->type();
  run_until(io, [&] { return typists[0]->edits() > 50; });

  const auto asked = Clock::now();
  server->terminate();
  run_until(io, [&] { return server->ended() || !typists[0]->online(); });
  for (const auto& one : typists) one->type();  // while it drains, or is gone
  asio::steady_timer tick(io);
  while (!server->ended()) {
    tick.expires_after(1ms);
    bool ticked = false;
    tick.async_wait([&](boost::system::error_code) { ticked = true; });
    run_until(io, [&] { return ticked; });
  }
  CHECK(Clock::now() - asked < 10s);
  CHECK(server->how_it_ended() == 0);

  const std::string port = server->port();
  server = std::make_unique<ServerProcess>(directory.str("log"), port);
  const auto back = Clock::now();
  run_until(io, [&] { return all(typists, &Typist::online); });
  for (const auto& one : typists) one->stop();
  run_until(io, [&] { return all(typists, &Typist::settled); });
  CHECK(Clock::now() - back < 5s);

  int edits = 0;
  for (const auto& one : typists) edits += one->edits();
  run_until(io, [&] { return typists[0]->count() == edits && typists[7]->count() == edits; });
  for (const auto& one : typists) CHECK_FALSE(one->rejected());
}

TEST_CASE("client: it comes back when a server that shuts down has told it to") {
  asio::io_context io;
  asio::ip::tcp::acceptor acceptor(io, {asio::ip::address_v4::loopback(), 0});
  Client::Options options;
  options.pause_first = options.pause_last = 24h;
  Client client(io.get_executor(),
                {"127.0.0.1", std::to_string(acceptor.local_endpoint().port()), "/"}, options);
  client.start();
  const auto accepted = [&] {
    websocket::stream<asio::ip::tcp::socket> line(io);
    bool done = false;
    acceptor.async_accept(line.next_layer(), [&](boost::system::error_code) {
      line.async_accept([&](boost::system::error_code) { done = true; });
    });
    run_until(io, [&] { return done; });
    return line;
  };
  auto first = accepted();
  bool closed = false;
  first.async_close(
      {websocket::close_code::going_away, "server is shutting down; come back in 3 ms"},
      [&](boost::system::error_code) { closed = true; });
  run_until(io, [&] { return closed; });
  accepted();
}
