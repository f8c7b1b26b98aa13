// Presence over HTTP: who is in a channel, and being there without a connection, until a time.

#include <algorithm>
#include <string>
#include <utility>

#include "ot/json_text.h"
#include "server/channel_request.h"
#include "server/http/call.h"
#include "server/http/handlers.h"
#include "server/http/write_request.h"

namespace segue::server {

namespace asio = boost::asio;
namespace http = boost::beast::http;

namespace {

asio::awaitable<ot::Result<std::string>> ask_channel(Exchange& exchange, Errand errand) {
  return called_back<ot::Result<std::string>>(
      [&worker = exchange.worker, channel = exchange.channel,
       errand = std::move(errand)](std::function<void(ot::Result<std::string>)> done) mutable {
        errand.worker = worker.index();
        errand.answer = std::move(done);
        worker.route(ChannelRequest{nullptr, {}, std::move(channel), std::move(errand)});
      });
}

// What the request's author shows under the id of the path; `value` null for gone.
ot::Presence presence_of(const Exchange& exchange, ot::Json value) {
  ot::Presence presence;
  presence.channel = exchange.channel;
  presence.id = exchange.target.segments[3];
  presence.src.value =
      "http:" + (exchange.rights ? exchange.rights->author() : std::string(oplog::anonymous));
  presence.value = std::move(value);
  return presence;
}

}  // namespace

asio::awaitable<HttpResponse> list_presences(Exchange& exchange) {
  Errand errand;
  auto listed = co_await ask_channel(exchange, std::move(errand));
  co_return json_response(*listed + '\n');
}

asio::awaitable<HttpResponse> put_presence(Exchange& exchange) {
  const Limits& limits = exchange.worker.limits();
  const auto ttl_ms = exchange.number("ttl_ms");
  if (!ttl_ms) {
    co_return respond(ttl_ms.error());
  }
  auto value = co_await read_json_body(exchange, "application/json");
  if (!value) {
    co_return respond(value.error());
  }
  if (value->printed_bytes() > limits.presence_bytes_max) {
    co_return respond(
        {Fault::too_large,
         "A presence has at most " + std::to_string(limits.presence_bytes_max) + " bytes."});
  }
  Errand errand;
  errand.shown = presence_of(exchange, std::move(*value));
  errand.ttl_ms = std::min<std::uint64_t>(
      ttl_ms->value_or(static_cast<std::uint64_t>(limits.presence_ttl.count())),
      static_cast<std::uint64_t>(limits.presence_ttl_max.count()));
  auto shown = co_await ask_channel(exchange, std::move(errand));
  if (!shown) {
    co_return respond(problem_of(shown.error()));
  }
  co_return HttpResponse{http::status::no_content, 11};
}

asio::awaitable<HttpResponse> delete_presence(Exchange& exchange) {
  Errand errand;
  errand.shown = presence_of(exchange, {});
  const auto gone = co_await ask_channel(exchange, std::move(errand));
  if (!gone) {
    co_return respond(problem_of(gone.error()));
  }
  co_return HttpResponse{http::status::no_content, 11};
}

}  // namespace segue::server
