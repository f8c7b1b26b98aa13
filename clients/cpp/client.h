// Client: a connection to a server that stays up. Documents can be subscribed to and edited at any
// time; while there is no connection, edits are kept, and sent exactly once when there is one
// again.
//
//   Client client(io.get_executor(), *parse_url("ws://127.0.0.1:7070"));
//   client.on_event([&](const Event& event) { ... });
//   client.subscribe(doc);
//   client.start();
//   io.run();
//
// Strand: that of its executor, which has one thread or is a strand. All calls are made there, and
// all callbacks come from there, never from within a call.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/any_io_executor.hpp>

#include "clients/cpp/url.h"
#include "clients/sync_state.h"
#include "ot/ids.h"
#include "ot/json.h"
#include "ot/result.h"

namespace segue::client {

class Client {
 public:
  struct Options {
    Options();
    SyncState::Options state;  // with the built-in types
    // What the server is shown (spec/access.md), asked for before each attempt to connect: a token
    // that has expired can be replaced. None, or an empty one: nothing.
    std::function<std::string()> token;
    // Between two attempts to connect: at least half of the first, doubled each time up to the
    // last, drawn at random so that clients do not come back all at once. A server that shuts down
    // says itself how long the first one is to be; that is done, up to the last.
    std::chrono::milliseconds pause_first{200};
    std::chrono::milliseconds pause_last{10'000};
    std::chrono::milliseconds connect_timeout{10'000};
    std::chrono::milliseconds idle_timeout{30'000};  // a ping goes out at half of it
    std::size_t message_bytes_max = std::size_t{256} << 20;
  };

  Client(boost::asio::any_io_executor executor, Url url, Options options = {});
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  // Drops the connection. Nothing is called back any more. A callback may do so.
  ~Client();

  // What happens to documents, and whether there is a connection (the handshake is done).
  void on_event(std::function<void(const Event& event)> callback);
  void on_online(std::function<void(bool online)> callback);

  // Connects, and connects again whenever the connection is lost.
  void start();
  // Sends what has been said so far, closes the connection and makes no new one.
  void stop();

  // As in SyncState. Edits of one turn of the executor leave together.
  void subscribe(const ot::DocId& doc);
  void unsubscribe(const ot::DocId& doc);
  void fetch(const ot::DocId& doc);
  ot::Result<void> create(const ot::DocId& doc, std::string_view type,
                          std::optional<ot::Json> data = std::nullopt);
  ot::Result<void> edit(const ot::DocId& doc, const ot::Json& op);
  ot::Result<void> remove(const ot::DocId& doc);

  // The documents as they are here.
  const SyncState& state() const;

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;  // shared with what is under way
};

}  // namespace segue::client
