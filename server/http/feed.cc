// The feed as pages, also for those who wait for the next.

#include <chrono>
#include <string>
#include <utility>

#include "server/http/call.h"
#include "server/http/events.h"
#include "server/http/handlers.h"
#include "server/http/wake.h"

namespace segue::server {

namespace asio = boost::asio;

namespace {

constexpr std::uint64_t wait_max_s = 60;

struct FeedRequest {
  std::uint64_t after = 0;
  std::uint64_t wait_s = 0;
  std::uint64_t limit = 0;
};

Answer<FeedRequest> read_request(const Exchange& exchange) {
  const auto after = exchange.number("after");
  const auto wait = exchange.number("wait", wait_max_s);
  for (const auto* parameter : {&after, &wait}) {
    if (!*parameter) {
      return refuse(parameter->error());
    }
  }
  const auto limit = exchange.page_limit();
  if (!limit) {
    return refuse(limit.error());
  }
  return FeedRequest{after->value_or(0), wait->value_or(0), *limit};
}

std::string page_text(const EventPage& page) {
  std::string out = "{\"items\":[";
  for (const Event& event : page.events) {
    out += out.back() == '[' ? "" : ",";
    out += event.data;
  }
  return out + "],\"next\":" + std::to_string(page.position) + "}\n";
}

}  // namespace

asio::awaitable<HttpResponse> get_feed(Exchange& exchange) {
  const auto request = read_request(exchange);
  if (!request) {
    co_return respond(request.error());
  }
  auto read_end = [](const oplog::OpLog& log) { return log.feed_end(); };
  const auto end = co_await with_log(exchange.worker, std::move(read_end));
  if (!end) {
    co_return respond(problem_of(end.error()));
  }
  if (request->after > *end) {
    co_return respond(
        {Fault::bad_parameter, "Nothing is further than " + std::to_string(*end) + '.', "after"});
  }
  Wake wake(exchange.worker, {});
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(request->wait_s);
  while (true) {
    auto read = [after = request->after, limit = request->limit](const oplog::OpLog& log) {
      return read_events(log, {}, after, limit);
    };
    const auto page = co_await with_log(exchange.worker, std::move(read));
    if (!page) {
      co_return respond(problem_of(page.error()));
    }
    if (!page->events.empty() || std::chrono::steady_clock::now() >= deadline) {
      co_return json_response(page_text(*page));
    }
    co_await wake.wait(deadline);
  }
}

}  // namespace segue::server
