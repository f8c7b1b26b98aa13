// Leases over HTTP. Their holder is the token's author; without keys a src that the request names.

#include <string>
#include <utility>

#include <boost/beast/http/field.hpp>

#include "ot/message.h"
#include "server/http/authorize.h"
#include "server/http/call.h"
#include "server/http/handlers.h"
#include "server/http/write_request.h"
#include "server/random_id.h"

namespace segue::server {

namespace asio = boost::asio;
namespace http = boost::beast::http;

namespace {

// A request as it would come over a WebSocket. `body` is null where there was none.
Answer<ot::Message> read_message(const Exchange& exchange, std::string_view action, ot::Json body) {
  if (!body.is_null() && !body.is_object()) {
    return refuse({Fault::bad_json, "It must be an object.", ""});
  }
  ot::Json request = body.is_null() ? ot::Json::object() : std::move(body);
  request.set("a", action);
  request.set("c", exchange.doc.collection);
  request.set("d", exchange.doc.id);
  if (exchange.target.segments.size() > 5) {
    request.set("lease", exchange.target.segments[5]);
  }
  auto message =
      ot::decode_message(request, exchange.worker.types(), exchange.worker.limits().message);
  if (!message) {
    Problem problem = problem_of(message.error());
    problem.fault = Fault::bad_json;
    return refuse(std::move(problem));
  }
  return std::move(*message);
}

Answer<ot::ClientId> read_src(const Exchange& exchange) {
  const std::string* src = exchange.target.find("src");
  if (src == nullptr) {
    return ot::ClientId{random_id()};
  }
  if (src->empty() || src->size() > exchange.worker.limits().message.src_bytes_max) {
    return refuse({Fault::bad_parameter, "It must be a name of 1 to 128 bytes.", "src"});
  }
  return ot::ClientId{*src};
}

asio::awaitable<Answer<ot::Json>> read_optional_body(Exchange& exchange) {
  if (exchange.request.body().empty()) {
    co_return ot::Json();
  }
  auto body = co_await read_json_body(exchange, "application/json");
  co_return body;
}

HttpResponse response_of(const std::optional<DocAnswer>& answer) {
  if (!answer) {
    return respond(not_now());
  }
  if (const auto* error = std::get_if<ot::Error>(&*answer)) {
    return respond(problem_of(*error));
  }
  const LeaseAnswer& lease = std::get<LeaseAnswer>(*answer);
  if (lease.refused) {
    return respond(leased(lease.text));
  }
  HttpResponse response = json_response(lease.text + '\n');
  response.set(http::field::cache_control, "no-store");
  return response;
}

// Asks for what may be asked for by those who may write.
asio::awaitable<HttpResponse> ask_to_write(Exchange& exchange, Question question,
                                           ot::ClientId src) {
  auto allowed = authorize_action(exchange, access::Action::write);
  if (!allowed) {
    co_return respond(allowed.error());
  }
  const auto answer = co_await ask_as(exchange, std::move(question), std::move(src));
  co_return response_of(answer);
}

}  // namespace

asio::awaitable<HttpResponse> list_leases(Exchange& exchange) {
  Question question = ListLeases{};
  const auto answer = co_await ask(exchange, std::move(question));
  co_return response_of(answer);
}

asio::awaitable<HttpResponse> take_lease(Exchange& exchange) {
  const auto src = read_src(exchange);
  if (!src) {
    co_return respond(src.error());
  }
  auto body = co_await read_json_body(exchange, "application/json");
  if (!body) {
    co_return respond(body.error());
  }
  auto message = read_message(exchange, "lock", std::move(*body));
  if (!message) {
    co_return respond(message.error());
  }
  ot::ClientId owner = *src;
  auto owned = co_await authorize_src(exchange, std::move(owner));
  if (!owned) {
    co_return respond(owned.error());
  }
  Question question = std::get<ot::LeaseTake>(std::move(*message));
  ot::ClientId holder = *src;
  auto response = co_await ask_to_write(exchange, std::move(question), std::move(holder));
  if (response.result() == http::status::ok) {
    response.result(http::status::created);
  }
  co_return response;
}

asio::awaitable<HttpResponse> renew_lease(Exchange& exchange) {
  auto body = co_await read_optional_body(exchange);
  if (!body) {
    co_return respond(body.error());
  }
  auto message = read_message(exchange, "renew", std::move(*body));
  if (!message) {
    co_return respond(message.error());
  }
  Question question = std::get<ot::LeaseRenew>(std::move(*message));
  ot::ClientId nobody;
  auto response = co_await ask_to_write(exchange, std::move(question), std::move(nobody));
  co_return response;
}

asio::awaitable<HttpResponse> release_lease(Exchange& exchange) {
  auto message = read_message(exchange, "release", {});
  if (!message) {
    co_return respond(message.error());
  }
  Question question = std::get<ot::LeaseRelease>(std::move(*message));
  ot::ClientId nobody;
  auto response = co_await ask_to_write(exchange, std::move(question), std::move(nobody));
  if (response.result() == http::status::ok) {
    response = HttpResponse{http::status::no_content, 11};
  }
  co_return response;
}

}  // namespace segue::server
