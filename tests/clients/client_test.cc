// The client against a real server in this process, with a proxy between them that cuts lines.

#include "clients/cpp/client.h"

#include <chrono>
#include <fstream>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <doctest/doctest.h>

#include "ot/json_text.h"
#include "server/access/key.h"
#include "server/access/token.h"
#include "server/server.h"
#include "tests/support/temp_dir.h"

using namespace segue;
using namespace segue::client;
namespace asio = boost::asio;

namespace {

const ot::DocId plan{"plans", "p"};
constexpr std::chrono::seconds limit{20};  // A wait this long is a failure.

ot::Json json(std::string_view text) { return *ot::parse_json(text); }

// A server that runs from construction to destruction.
class RunningServer {
 public:
  explicit RunningServer(const server::Config& config)
      : server_(std::move(*server::Server::open(config))),
        thread_([this] { CHECK(server_->run().has_value()); }) {}
  RunningServer(const RunningServer&) = delete;
  RunningServer& operator=(const RunningServer&) = delete;
  ~RunningServer() {
    server_->stop();
    thread_.join();
  }
  std::string url() const { return server_->url(); }
  std::uint16_t port() const {
    return static_cast<std::uint16_t>(std::stoi(parse_url(url())->port));
  }

 private:
  std::unique_ptr<server::Server> server_;
  std::thread thread_;
};

server::Config in_memory() {
  server::Config config;
  config.port = 0;
  config.in_memory = true;
  return config;
}

// Passes bytes on, and loses connections when told to: everything, or what the server answers to
// what the client has sent.
class Proxy {
 public:
  Proxy(asio::io_context& io, std::uint16_t server_port)
      : acceptor_(io, {asio::ip::address_v4::loopback(), 0}),
        server_({asio::ip::address_v4::loopback(), server_port}) {
    accept();
  }

  Url url() const { return {"127.0.0.1", std::to_string(acceptor_.local_endpoint().port()), "/"}; }
  // The next bytes of a client go to the server, and then the line is cut before an answer.
  void cut_before_answer() { cut_before_answer_ = true; }
  int cuts() const { return cuts_; }

 private:
  struct Line {
    explicit Line(asio::io_context& io) : client(io), server(io) {}
    asio::ip::tcp::socket client;
    asio::ip::tcp::socket server;
    std::vector<char> up = std::vector<char>(65'536);
    std::vector<char> down = std::vector<char>(65'536);
    bool deaf = false;
  };

  void accept() {
    auto line =
        std::make_shared<Line>(static_cast<asio::io_context&>(acceptor_.get_executor().context()));
    acceptor_.async_accept(line->client, [this, line](boost::system::error_code error) {
      if (error) {
        return;
      }
      boost::system::error_code refused;
      line->server.connect(server_, refused);
      if (!refused) {
        pump_up(line);
        pump_down(line);
      }
      accept();
    });
  }

  void pump_up(const std::shared_ptr<Line>& line) {
    line->client.async_read_some(
        asio::buffer(line->up), [this, line](boost::system::error_code error, std::size_t bytes) {
          if (error) {
            line->server.close();
            return;
          }
          asio::write(line->server, asio::buffer(line->up.data(), bytes), error);
          if (std::exchange(cut_before_answer_, false)) {
            line->deaf = true;
          }
          pump_up(line);
        });
  }

  void pump_down(const std::shared_ptr<Line>& line) {
    line->server.async_read_some(
        asio::buffer(line->down), [this, line](boost::system::error_code error, std::size_t bytes) {
          if (line->deaf || error) {
            cuts_ += line->deaf ? 1 : 0;
            line->client.close();
            line->server.close();
            return;
          }
          asio::write(line->client, asio::buffer(line->down.data(), bytes), error);
          pump_down(line);
        });
  }

  asio::ip::tcp::acceptor acceptor_;
  asio::ip::tcp::endpoint server_;
  bool cut_before_answer_ = false;
  int cuts_ = 0;
};

Client::Options impatient() {
  Client::Options options;
  options.pause_first = std::chrono::milliseconds(1);
  options.pause_last = std::chrono::milliseconds(20);
  return options;
}

// A client with what happened to it.
struct Editor {
  Editor(asio::io_context& io, Url url, Client::Options options = impatient())
      : client(io.get_executor(), std::move(url), std::move(options)) {
    client.on_event([this](const Event& event) {
      if (const auto* acked = std::get_if<Acknowledged>(&event.what)) {
        acked_edits += acked->edits;
      } else if (const auto* rejected = std::get_if<Rejected>(&event.what)) {
        rejections.push_back(rejected->why.code);
      }
    });
    client.on_online([this](bool online) { times_online += online ? 1 : 0; });
  }

  const SyncDoc& doc() const { return *client.state().find(plan); }
  std::string text() const { return ot::json_text(doc().data()); }

  Client client;
  std::size_t acked_edits = 0;
  std::vector<std::string> rejections;
  int times_online = 0;
};

template <class Done>
void run_until(asio::io_context& io, Done done) {
  const auto end = std::chrono::steady_clock::now() + limit;
  io.restart();
  while (!done()) {
    REQUIRE(io.run_one_until(end) > 0);
  }
}

ot::Json append(int value) {
  return json(R"([{"p":["list",0],"li":)" + std::to_string(value) + "}]");
}

}  // namespace

TEST_CASE("client: an edit made before there is a connection is sent when there is one") {
  const RunningServer server(in_memory());
  asio::io_context io;
  Editor ann(io, *parse_url(server.url()));
  ann.client.subscribe(plan);
  REQUIRE(ann.client.create(plan, "json0", json(R"({"list":[]})")));
  ann.client.start();
  run_until(io, [&] { return ann.acked_edits == 1; });
  CHECK(ann.doc().version() == ot::Version{1});
}

TEST_CASE("client: it shows the server its token, and asks for another when that is refused") {
  const test::TempDir directory;
  const access::Key key = access::Key::generate(access::Algorithm::hs256, "first");
  std::ofstream(directory.str("keys")) << R"({"keys":[)" << ot::json_text(key.jwk()) << "]}";
  std::ofstream(directory.str("policy"))
      << R"({"rules":[{"collection":"*","allow":["read","create"]}]})";
  server::Config config = in_memory();
  config.access.emplace();
  config.access->keys = directory.str("keys");
  config.access->policy = directory.str("policy");
  const RunningServer server(config);

  asio::io_context io;
  const auto token = access::make_token(json(R"({"sub":"ann","exp":9999999999})"), key);
  std::vector<std::string> tokens{token.value(), "no token", ""};
  Client::Options options = impatient();
  options.token = [&] {
    std::string next = tokens.back();
    if (tokens.size() > 1) {
      tokens.pop_back();
    }
    return next;
  };
  Editor ann(io, *parse_url(server.url()), options);
  ann.client.subscribe(plan);
  ann.client.start();
  REQUIRE(ann.client.create(plan, "json0", json("{}")));
  run_until(io, [&] { return ann.acked_edits == 1; });
  CHECK(tokens.size() == 1);
}

TEST_CASE("client: one order: two clients that edit at once end with the same document") {
  const RunningServer server(in_memory());
  asio::io_context io;
  Editor ann(io, *parse_url(server.url()));
  Editor bob(io, *parse_url(server.url()));
  for (Editor* editor : {&ann, &bob}) {
    editor->client.subscribe(plan);
    editor->client.start();
  }
  REQUIRE(ann.client.create(plan, "json0", json(R"({"list":[]})")));
  run_until(io, [&] { return bob.doc().version() == ot::Version{1} && ann.acked_edits == 1; });
  for (int i = 0; i < 50; ++i) {
    REQUIRE(ann.client.edit(plan, append(i)));
    REQUIRE(bob.client.edit(plan, append(100 + i)));
    io.poll();
  }
  run_until(io, [&] {
    return ann.doc().settled() && bob.doc().settled() && ann.acked_edits == 51 &&
           bob.acked_edits == 50 && ann.doc().version() == bob.doc().version();
  });
  CHECK(ann.text() == bob.text());
  CHECK(ann.doc().data().find("list")->size() == 100);
}

TEST_CASE("client: exactly once: an edit whose ack was lost with the connection is there once") {
  const RunningServer server(in_memory());
  asio::io_context io;
  Proxy proxy(io, server.port());
  Editor ann(io, proxy.url());
  ann.client.subscribe(plan);
  ann.client.start();
  REQUIRE(ann.client.create(plan, "json0", json(R"({"list":[]})")));
  run_until(io, [&] { return ann.acked_edits == 1 && ann.doc().settled(); });
  for (int i = 0; i < 10; ++i) {
    proxy.cut_before_answer();
    REQUIRE(ann.client.edit(plan, append(i)));
    run_until(io, [&] { return ann.acked_edits == std::size_t(i) + 2 && ann.doc().settled(); });
  }
  CHECK(proxy.cuts() == 10);
  CHECK(ann.times_online == 11);
  CHECK(ann.text() == R"({"list":[9,8,7,6,5,4,3,2,1,0]})");
  CHECK(ann.doc().version() == ot::Version{11});
}

TEST_CASE("client: nothing lost: edits made while the server is away arrive when it is back") {
  const test::TempDir directory;
  server::Config config;
  config.port = 0;
  config.data = directory.str("log");
  std::optional<RunningServer> server(config);
  config.port = server->port();
  asio::io_context io;
  Editor ann(io, *parse_url(server->url()));
  ann.client.subscribe(plan);
  ann.client.start();
  REQUIRE(ann.client.create(plan, "json0", json(R"({"list":[]})")));
  run_until(io, [&] { return ann.acked_edits == 1; });
  auto stopping = std::async(std::launch::async, [&] { server.reset(); });
  run_until(io, [&] { return !ann.client.state().ready(); });
  stopping.get();
  REQUIRE(ann.client.edit(plan, append(1)));
  REQUIRE(ann.client.edit(plan, append(2)));
  server.emplace(config);
  run_until(io, [&] { return ann.acked_edits == 3; });
  CHECK(ann.text() == R"({"list":[2,1]})");
}

TEST_CASE("client: an edit that the server refuses is taken back, and told") {
  const RunningServer server(in_memory());
  asio::io_context io;
  Editor ann(io, *parse_url(server.url()));
  Editor bob(io, *parse_url(server.url()));
  ann.client.subscribe(plan);
  ann.client.start();
  REQUIRE(ann.client.create(plan, "json0", json("1")));
  run_until(io, [&] { return ann.acked_edits == 1; });
  REQUIRE(bob.client.create(plan, "json0", json("2")));
  bob.client.subscribe(plan);
  bob.client.start();
  run_until(io, [&] { return !bob.rejections.empty() && bob.doc().settled(); });
  CHECK(bob.rejections.front() == "ERR_DOC_ALREADY_CREATED");
  CHECK(bob.text() == "1");
}

TEST_CASE("client: stop sends what was said before, and then nothing keeps the loop busy") {
  const RunningServer server(in_memory());
  asio::io_context io;
  Editor ann(io, *parse_url(server.url()));
  ann.client.start();
  run_until(io, [&] { return ann.client.state().ready(); });
  REQUIRE(ann.client.create(plan, "json0", json("1")));
  ann.client.stop();
  io.restart();
  io.run_for(limit);
  CHECK(io.stopped());
  CHECK_FALSE(ann.client.state().ready());

  Editor bob(io, *parse_url(server.url()));
  bob.client.fetch(plan);
  bob.client.start();
  run_until(io, [&] { return bob.doc().version() == ot::Version{1}; });
}

TEST_CASE("client: without a server it can be stopped, and dropped, at any time") {
  asio::io_context io;
  {
    Editor ann(io, {"127.0.0.1", "1", "/"});
    ann.client.start();
    io.poll();
    ann.client.stop();
    io.restart();
    io.run_for(limit);
    CHECK(io.stopped());
  }
  {
    Editor bob(io, {"127.0.0.1", "1", "/"});
    bob.client.start();
    io.restart();
    io.poll();
  }
  io.restart();
  io.run_for(limit);
  CHECK(io.stopped());
}

TEST_CASE("client: a callback may drop the client that calls it") {
  const RunningServer server(in_memory());
  asio::io_context io;
  auto client = std::make_unique<Client>(io.get_executor(), *parse_url(server.url()), impatient());
  const std::string text(100, 'x');
  bool same_after = false;
  client->on_online([&, captured = text](bool) {
    client.reset();
    same_after = captured == text;
  });
  client->start();
  io.run_for(limit);
  CHECK(io.stopped());
  CHECK(same_after);
}

TEST_CASE("client: an IPv6 address stands in brackets in the Host header") {
  CHECK(host_header(*parse_url("ws://[::1]:7070")) == "[::1]:7070");
  CHECK(host_header(*parse_url("ws://example.org")) == "example.org:80");
}

TEST_CASE("client: addresses are read as users write them") {
  const auto read = [](std::string_view text) {
    const auto url = parse_url(text);
    return url ? url->host + " " + url->port + " " + url->path : "error";
  };
  CHECK(read("ws://example.org") == "example.org 80 /");
  CHECK(read("http://127.0.0.1:7070") == "127.0.0.1 7070 /");
  CHECK(read("ws://[::1]:7070/v1/ws?ticket=1") == "::1 7070 /v1/ws?ticket=1");
  CHECK(read("ws://example.org?ticket=1") == "example.org 80 /?ticket=1");
  CHECK(read("wss://example.org") == "error");
  CHECK(read("ws://:80/") == "error");
  CHECK(read("example.org") == "error");
}
