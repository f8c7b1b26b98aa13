#include "server/server.h"

#include <array>
#include <chrono>
#include <csignal>
#include <ctime>
#include <future>
#include <random>
#include <thread>
#include <utility>
#include <vector>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/thread_pool.hpp>

#include "oplog/group_commit.h"
#include "oplog/lmdb_log.h"
#include "oplog/memory_log.h"
#include "server/access_watch.h"
#include "server/connection_list.h"
#include "server/file_watch.h"
#include "server/listener.h"
#include "server/log.h"
#include "server/tls_context.h"
#include "server/worker.h"

namespace segue::server {

namespace {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;

constexpr std::size_t reader_threads = 2;
// A message may take that many hops between workers before it rests in a queue.
constexpr int hops_max = 3;

ot::Result<std::unique_ptr<oplog::OpLog>> open_log(const Config& config) {
  if (config.in_memory) {
    return std::make_unique<oplog::MemoryLog>();
  }
  oplog::LmdbLog::Options options;
  options.free_bytes_min = config.free_space_min;
  auto log = oplog::LmdbLog::open(config.data, std::move(options));
  if (!log) {
    return ot::fail(std::move(log.error()));
  }
  return std::unique_ptr<oplog::OpLog>(std::move(*log));
}

ot::Result<asio::ip::tcp::acceptor> open_port(asio::io_context& io, const Config& config) {
  const std::string where = config.host + ":" + std::to_string(config.port);
  boost::system::error_code error;
  const auto address =
      asio::ip::make_address(config.host == "localhost" ? "127.0.0.1" : config.host, error);
  if (error) {
    return ot::fail(ot::Errc::uncoded, config.host + " is not an IP address");
  }
  asio::ip::tcp::acceptor acceptor(io);
  const asio::ip::tcp::endpoint endpoint(address, config.port);
  acceptor.open(endpoint.protocol(), error);
  if (!error) {
    acceptor.set_option(asio::socket_base::reuse_address(true), error);
  }
  if (!error) {
    acceptor.bind(endpoint, error);
  }
  if (!error) {
    acceptor.listen(asio::socket_base::max_listen_connections, error);
  }
  if (error) {
    return ot::fail(ot::Errc::uncoded, "cannot listen on " + where + ": " + error.message());
  }
  return acceptor;
}

oplog::GroupCommit::Options commit_options(const Config& config) {
  oplog::GroupCommit::Options options;
  if (config.durability == Durability::async && !config.in_memory) {
    options.durability = oplog::Durability::async;
  }
  return options;
}

// A server meant to be reached from elsewhere does not know under which names. On loopback a
// foreign name can only come from a page that had its name rebound.
bool trusts_host(const Config& config, const asio::ip::tcp::endpoint& endpoint) {
  return config.insecure || (config.access && !endpoint.address().is_loopback());
}

ot::Result<std::unique_ptr<Guard>> make_guard(const Config& config) {
  std::vector<asio::ip::address> trusted;
  for (const std::string& proxy : config.trusted_proxies) {
    boost::system::error_code error;
    trusted.push_back(asio::ip::make_address(proxy, error));
    if (error) {
      return ot::fail(ot::Errc::uncoded, "--trusted-proxy: " + proxy + " is not an IP address");
    }
  }
  const bool is_on = config.guarding == Guarding::on;
  if (!is_on && (config.guarding == Guarding::off || !config.access)) {
    return nullptr;
  }
  return std::make_unique<Guard>(GuardLimits{}, is_on, std::move(trusted));
}

ot::Result<std::unique_ptr<TlsContext>> open_tls(const Config& config) {
  if (config.tls_certificate.empty()) {
    return nullptr;
  }
  return TlsContext::open({config.tls_certificate, config.tls_key});
}

std::string date_of(std::time_t time) {
  std::tm utc{};
  gmtime_r(&time, &utc);
  std::array<char, 32> text{};
  return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%d", &utc)};
}

std::size_t thread_count(const Config& config) {
  return config.threads > 0 ? config.threads : std::max(1u, std::thread::hardware_concurrency());
}

}  // namespace

// In the order of construction; each refers only to those above it.
struct Server::Parts {
  Parts(const Config& config, const Limits& wanted, ot::TypeLookup types,
        std::unique_ptr<oplog::OpLog> opened)
      : limits(wanted),
        log(std::move(opened)),
        commits(
            *log, commit_options(config), [this](oplog::LogState state) { on_log(state); },
            [this](const oplog::GroupCommit::Append& append) { on_append(append); }),
        readers(reader_threads),
        checkpointer(1),
        shared{.limits = limits,
               .worker_count = thread_count(config),
               .types = types,
               .log = *log,
               .commits = commits,
               .readers = readers,
               .checkpointer = checkpointer,
               .rules = {&projections, config.no_op_suppression},
               .exclusive_leases = {config.exclusive_leases.begin(), config.exclusive_leases.end()},
               .connections = {},
               .workers = {},
               .commit_metrics = &commit_metrics,
               .slow_op = config.slow_op,
               .started_ms = std::chrono::duration_cast<std::chrono::milliseconds>(
                                 std::chrono::system_clock::now().time_since_epoch())
                                 .count()} {
    for (const ot::Projection& projection : config.projections) {
      projections.add(projection);
    }
    for (std::size_t index = 0; index < shared.worker_count; ++index) {
      shared.connections.push_back(std::make_unique<ConnectionList>());
      shared.workers.push_back(std::make_unique<Worker>(index, shared));
    }
  }

  Parts(const Parts&) = delete;
  Parts& operator=(const Parts&) = delete;
  ~Parts() {
    commits.stop();  // Its thread tells the workers of the log's state.
    for (const auto& worker : shared.workers) {
      worker->abandon();
    }
  }

  // The log's state has changed. On the commit thread.
  void on_log(oplog::LogState state);
  void on_append(const oplog::GroupCommit::Append& append);
  void release_edits();
  void run_on_every_worker(const std::function<void(std::size_t)>& task);
  void drain();
  void settle(Clock::time_point latest);
  void say_goodbye(Clock::time_point latest);
  void look_after_files(access::Which which);
  void look_after_tls(access::Which which);

  Limits limits;
  std::unique_ptr<oplog::OpLog> log;
  bool said_full = false;        // the commit thread's
  CommitMetrics commit_metrics;  // the commit thread's
  oplog::GroupCommit commits;
  asio::thread_pool readers;
  asio::thread_pool checkpointer;
  Projections projections;
  Shared shared;
  std::string url;
  asio::io_context io{1};
  std::optional<asio::signal_set> signals;  // from before anybody is told of the server to its end
  std::unique_ptr<TlsContext> tls;          // null where none is spoken
  std::unique_ptr<Listener> listener;
  std::unique_ptr<FileWatch> file_watch;  // where there are keys or certificates
};

ot::Result<std::unique_ptr<Server>> Server::open(const Config& config, const Limits& limits,
                                                 ot::TypeLookup types) {
  auto log = open_log(config);
  if (!log) {
    return ot::fail(std::move(log.error()));
  }
  auto parts = std::make_unique<Parts>(config, limits, types, std::move(*log));
  parts->shared.compresses = config.compress;
  if (config.access) {
    auto access = access::Access::open(*config.access);
    if (!access) {
      return ot::fail(std::move(access.error()));
    }
    parts->shared.access = std::move(*access);
  }
  auto tls = open_tls(config);
  if (!tls) {
    return ot::fail(std::move(tls.error()));
  }
  parts->tls = std::move(*tls);
  if (parts->shared.access || parts->tls) {
    parts->file_watch = std::make_unique<FileWatch>(
        parts->io, [&parts = *parts](access::Which which) { parts.look_after_files(which); });
  }
  auto guard = make_guard(config);
  if (!guard) {
    return ot::fail(std::move(guard.error()));
  }
  parts->shared.guard = std::move(*guard);
  auto acceptor = open_port(parts->io, config);
  if (!acceptor) {
    return ot::fail(std::move(acceptor.error()));
  }
  const auto endpoint = acceptor->local_endpoint();
  const std::string host = endpoint.address().is_v6() ? "[" + endpoint.address().to_string() + "]"
                                                      : endpoint.address().to_string();
  const std::string scheme = parts->tls ? "https" : "http";
  parts->url = scheme + "://" + host + ":" + std::to_string(endpoint.port());
  OriginPolicy origins(config.host, endpoint.port(), config.origins, trusts_host(config, endpoint),
                       scheme);
  parts->listener =
      std::make_unique<Listener>(std::move(*acceptor), std::move(origins), parts->tls.get(),
                                 parts->shared, parts->shared.connections);
  parts->signals.emplace(parts->io, SIGTERM, SIGINT);
  return std::unique_ptr<Server>(new Server(std::move(parts)));
}

Server::Server(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Server::~Server() = default;

std::string Server::url() const { return parts_->url; }

void Server::add_projection(ot::Projection projection) {
  parts_->projections.add(std::move(projection));
}

void Server::suppress_publish(bool suppressed) { parts_->shared.publish_suppressed = suppressed; }

void Server::stop() { parts_->io.stop(); }

ot::Result<void> Server::run() {
  std::vector<asio::executor_work_guard<asio::io_context::executor_type>> busy;
  std::vector<std::thread> threads;
  for (const auto& worker : parts_->shared.workers) {
    busy.emplace_back(worker->io().get_executor());
    threads.emplace_back([&io = worker->io()] { io.run(); });
  }
  parts_->signals->async_wait([this](boost::system::error_code error, int) {
    if (!error) {
      parts_->io.stop();
    }
  });
  parts_->listener->start();
  if (parts_->file_watch) {
    parts_->file_watch->start();
  }
  parts_->io.run();
  // A second signal ends the process, which loses nothing that was acknowledged.
  parts_->signals.reset();
  log_info("shutting down");
  parts_->drain();
  busy.clear();
  for (const auto& worker : parts_->shared.workers) {
    worker->io().stop();
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  parts_->readers.join();
  parts_->checkpointer.join();
  parts_->commits.stop();
  if (parts_->commits.state() == oplog::LogState::failed) {
    return ot::fail(ot::Errc::log_io,
                    "writing the log failed while the server ran: what was acknowledged before is "
                    "on disk, and nothing was acknowledged since");
  }
  return {};
}

void Server::Parts::on_log(oplog::LogState state) {
  switch (state) {
    case oplog::LogState::full:
      if (!std::exchange(said_full, true)) {
        log_error("the log is full: edits wait, reads go on, until there is room again");
      }
      return;
    case oplog::LogState::trying:
      return release_edits();
    case oplog::LogState::failed:
      return log_error("writing the log failed: edits are refused until the server is restarted");
    case oplog::LogState::ready:
      said_full = false;
      log_info("the log has room again");
      return release_edits();
  }
}

void Server::Parts::on_append(const oplog::GroupCommit::Append& append) {
  commit_metrics.batch_ops.observe(std::uint64_t{append.entries});
  commit_metrics.batch_bytes.observe(std::uint64_t{append.bytes});
  commit_metrics.flush.observe(append.took.count());
  commit_metrics.failed.add(append.failed ? 1 : 0);
}

void Server::Parts::look_after_files(access::Which which) {
  if (shared.access) {
    look_after_access(shared, shared.connections, which);
  }
  if (tls) {
    look_after_tls(which);
  }
}

void Server::Parts::look_after_tls(access::Which which) {
  const auto reloaded = tls->reload(which);
  if (!reloaded) {
    log_error("tls: {}; what was in force stays so", reloaded.error().detail);
  } else if (*reloaded) {
    log_info("tls: the certificate in force is valid until {}", date_of(tls->valid_until()));
  }
}

void Server::Parts::release_edits() {
  for (const auto& worker : shared.workers) {
    asio::post(worker->io(), [&worker = *worker] { worker.on_room(); });
  }
}

// Runs it on each worker's thread, and returns when all have.
void Server::Parts::run_on_every_worker(const std::function<void(std::size_t)>& task) {
  std::vector<std::future<void>> done;
  for (std::size_t index = 0; index < shared.workers.size(); ++index) {
    auto promise = std::make_shared<std::promise<void>>();
    done.push_back(promise->get_future());
    asio::post(shared.workers[index]->io(), [&task, index, promise] {
      task(index);
      promise->set_value();
    });
  }
  for (std::future<void>& one : done) {
    one.wait();
  }
}

// What was received is answered, whole; everybody is told to come back.
void Server::Parts::drain() {
  const auto now = Clock::now();
  shared.draining = true;
  listener->stop();
  settle(now + limits.shutdown_grace / 2);
  say_goodbye(now + limits.shutdown_grace);
}

// Takes no more requests, and lets those that were received come to their end.
void Server::Parts::settle(Clock::time_point latest) {
  run_on_every_worker([this](std::size_t index) {
    shared.connections[index]->for_each([](Client& client) { client.ignore_input(); });
  });
  const auto pass_on = [this] {
    for (int hop = 0; hop < hops_max; ++hop) {
      run_on_every_worker([](std::size_t) {});
    }
  };
  do {
    pass_on();
    commits.drain();
    pass_on();
  } while (shared.reads_open + shared.requests_open > 0 && Clock::now() < latest);
}

// Each client is told another time, so that they do not all come back in the same instant.
void Server::Parts::say_goodbye(Clock::time_point latest) {
  run_on_every_worker([this](std::size_t index) {
    std::minstd_rand random(std::random_device{}());
    std::uniform_int_distribution<std::int64_t> pause(0, limits.come_back_within.count());
    shared.connections[index]->for_each([&](Client& client) {
      const std::string text =
          std::string(going_away.text) + "; come back in " + std::to_string(pause(random)) + " ms";
      client.close({going_away.code, text});
    });
  });
  const auto open = [this] {
    std::size_t sum = shared.requests_open;
    for (const auto& list : shared.connections) {
      sum += list->size();
    }
    return sum;
  };
  while (open() > 0 && Clock::now() < latest) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

}  // namespace segue::server
