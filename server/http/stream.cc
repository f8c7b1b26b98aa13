#include "server/http/stream.h"

#include <chrono>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "server/entry_text.h"
#include "server/http/authorize.h"
#include "server/http/call.h"
#include "server/http/events.h"
#include "server/http/wake.h"

namespace segue::server {

namespace asio = boost::asio;

namespace {

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t events_at_once = 1'000;
constexpr std::string_view last_event_id = "Last-Event-ID";

struct Position {
  std::uint64_t value;
  Fault fault;  // of one that is wrong
  std::string_view field;
};

// Where the reader says that it is.
Answer<std::optional<Position>> read_position(const Exchange& exchange,
                                              std::string_view parameter) {
  if (exchange.request.count(beast_view(last_event_id)) > 0) {
    const auto value = parse_integer(exchange.header(last_event_id));
    if (!value) {
      return refuse({Fault::bad_header, "It must be a number that an event had as id.",
                     std::string(last_event_id)});
    }
    return Position{*value, Fault::bad_header, last_event_id};
  }
  const auto value = exchange.number(parameter);
  if (!value) {
    return refuse(value.error());
  }
  if (!*value) {
    return std::nullopt;
  }
  return Position{**value, Fault::bad_parameter, parameter};
}

Problem not_reached(const Position& position, std::uint64_t end) {
  return {position.fault, "Nothing is further than " + std::to_string(end) + '.',
          std::string(position.field)};
}

asio::awaitable<Answer<StreamStart>> start_document(Exchange& exchange, NewsTopic topic) {
  for (const char* moment : {"v", "at"}) {
    if (exchange.target.find(moment) != nullptr) {
      co_return refuse({Fault::bad_parameter,
                        "It is of a document as it was. A stream goes on from ?from=VERSION.",
                        moment});
    }
  }
  const auto position = read_position(exchange, "from");
  if (!position) {
    co_return refuse(position.error());
  }
  const auto now = co_await look(exchange);
  if (!now) {
    co_return refuse(now.error());
  }
  const std::uint64_t version = now->version.value;
  if (!*position) {
    const Event first{version, '{' + snapshot_members(*now) + '}'};
    co_return StreamStart{std::move(topic), version, event_text("snapshot", first)};
  }
  if ((*position)->value > version) {
    co_return refuse(not_reached(**position, version));
  }
  co_return StreamStart{std::move(topic), (*position)->value};
}

asio::awaitable<Answer<StreamStart>> start_feed(Exchange& exchange, NewsTopic topic) {
  const auto position = read_position(exchange, topic.collection ? "" : "after");
  if (!position) {
    co_return refuse(position.error());
  }
  auto read = [](const oplog::OpLog& log) { return log.feed_end(); };
  const auto end = co_await with_log(exchange.worker, std::move(read));
  if (!end) {
    co_return refuse(problem_of(end.error()));
  }
  if (*position && (*position)->value > *end) {
    co_return refuse(not_reached(**position, *end));
  }
  co_return StreamStart{std::move(topic), *position ? (*position)->value : *end};
}

// False: the reader is gone, or takes nothing.
asio::awaitable<bool> write_all(Socket& socket, std::string text, Limits::Time stall_max) {
  asio::const_buffer rest = asio::buffer(text);
  while (rest.size() > 0) {
    const Deadline deadline(socket, stall_max);
    const auto [error, size] = co_await socket.async_write_some(rest, as_result);
    if (error) {
      co_return false;
    }
    rest += size;
  }
  co_return true;
}

}  // namespace

asio::awaitable<Answer<StreamStart>> start_stream(Exchange& exchange) {
  NewsTopic topic;
  if (!exchange.doc.collection.empty()) {
    topic.collection = exchange.doc.collection;
  }
  if (exchange.doc.id.empty()) {
    return start_feed(exchange, std::move(topic));
  }
  topic.id = exchange.doc.id;
  return start_document(exchange, std::move(topic));
}

asio::awaitable<void> run_stream(Socket& socket, const Exchange& exchange, std::string head,
                                 StreamStart start) {
  Worker& worker = exchange.worker;
  const auto stall_max = worker.limits().http_stall_timeout;
  Wake wake(worker, start.topic);
  std::string text = std::move(head) + start.first;
  while (true) {
    if (!is_still_allowed(exchange)) {
      co_return;
    }
    if (!text.empty()) {
      const bool written = co_await write_all(socket, std::move(text), stall_max);
      if (!written) {
        co_return;
      }
      text.clear();
    }
    auto read = [topic = start.topic, after = start.position,
                 scope = exchange.scope](const oplog::OpLog& log) {
      return read_events(log, topic, after, events_at_once, scope);
    };
    const auto page = co_await with_log(worker, std::move(read));
    if (!page) {
      co_return;  // The reader comes back, and is told then.
    }
    start.position = page->position;
    for (const Event& event : page->events) {
      text += event_text("op", event);
    }
    if (text.empty() && !page->more) {
      const auto now = std::chrono::steady_clock::now();
      const auto silence_ends = now + worker.limits().http_heartbeat;
      co_await wake.wait(silence_ends);
      text = std::chrono::steady_clock::now() >= silence_ends ? ":\n\n" : "";
    }
  }
}

}  // namespace segue::server
