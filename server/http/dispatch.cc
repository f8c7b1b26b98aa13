#include "server/http/dispatch.h"

#include <array>
#include <utility>

#include <boost/beast/http/field.hpp>
#include <boost/beast/websocket/rfc6455.hpp>

#include "oplog/op_log.h"
#include "ot/prototype_names.h"
#include "server/http.h"
#include "server/http/accept.h"
#include "server/http/authorize.h"
#include "server/http/handlers.h"

namespace segue::server {

namespace http = boost::beast::http;

namespace {

constexpr std::string_view event_stream = "text/event-stream";

constexpr std::array all_routes = {
    Route{"/v1/docs/*", http::verb::get, list_documents, true},
    Route{"/v1/docs/*/*", http::verb::get, get_document, true},
    Route{"/v1/docs/*/*", http::verb::put, put_document},
    Route{"/v1/docs/*/*", http::verb::patch, patch_document},
    Route{"/v1/docs/*/*", http::verb::delete_, delete_document},
    Route{"/v1/docs/*/*/ops", http::verb::get, get_ops},
    Route{"/v1/docs/*/*/ops", http::verb::post, post_op},
    Route{"/v1/docs/*/*/diff", http::verb::get, get_diff},
    Route{"/v1/docs/*/*/blame", http::verb::get, get_blame},
    Route{"/v1/docs/*/*/leases", http::verb::get, list_leases},
    Route{"/v1/docs/*/*/leases", http::verb::post, take_lease},
    Route{"/v1/docs/*/*/leases/*", http::verb::put, renew_lease},
    Route{"/v1/docs/*/*/leases/*", http::verb::delete_, release_lease},
    Route{"/v1/presence/*", http::verb::get, list_presences},
    Route{"/v1/presence/*/*", http::verb::put, put_presence},
    Route{"/v1/presence/*/*", http::verb::delete_, delete_presence},
    Route{"/v1/feed", http::verb::get, get_feed, true, true},
    Route{"/v1/stats", http::verb::get, get_stats},
    Route{"/v1/admin/overview", http::verb::get, get_overview},
    Route{"/metrics", http::verb::get, get_metrics, false, false, "text/plain"},
};

// Who names both and likes them the same gets the stream.
bool wants_stream(std::string_view accept, std::string_view or_else) {
  const Acceptance stream = acceptance_of(event_stream, accept);
  return stream && stream.is_named &&
         stream.thousandths >= acceptance_of(or_else, accept).thousandths;
}

Answer<void> check_name(std::string_view field, const std::string& name, std::size_t bytes_max) {
  if (name.empty() || name.size() > bytes_max || ot::is_prototype_name(name)) {
    return refuse({Fault::bad_name,
                   "It must have 1 to " + std::to_string(bytes_max) +
                       " bytes, and not be the name of a member of every JavaScript object.",
                   std::string(field), ot::Errc::message_badly_formed});
  }
  return {};
}

Answer<void> read_document(Exchange& exchange) {
  const auto& segments = exchange.target.segments;
  exchange.named.collection = segments[2];
  auto valid = check_name("collection", segments[2], oplog::collection_bytes_max);
  if (valid && segments.size() > 3) {
    exchange.named.id = segments[3];
    valid = check_name("id", segments[3], oplog::id_bytes_max);
  }
  exchange.doc = exchange.named;
  const Projections* projections = exchange.worker.rules().projections;
  exchange.scope.projection =
      projections != nullptr ? projections->find(exchange.named.collection) : nullptr;
  if (exchange.scope.projection != nullptr) {
    exchange.doc.collection = exchange.scope.projection->collection;
  }
  return valid;
}

Answer<void> read_channel(Exchange& exchange) {
  const auto& segments = exchange.target.segments;
  exchange.channel = segments[2];
  auto valid =
      check_name("channel", segments[2], oplog::collection_bytes_max + 1 + oplog::id_bytes_max);
  if (valid && segments.size() > 3) {
    valid = check_name("id", segments[3], oplog::id_bytes_max);
  }
  return valid;
}

// The names in the path: a document's, or those of a channel and a presence in it.
Answer<void> read_names(Exchange& exchange) {
  const auto& segments = exchange.target.segments;
  const std::string_view kind = segments.size() > 1 ? std::string_view(segments[1]) : "";
  return kind == "docs"       ? read_document(exchange)
         : kind == "presence" ? read_channel(exchange)
                              : Answer<void>();
}

Answer<void> check_page(const OriginPolicy& origins, const HttpRequest& request) {
  const std::string_view origin = view(request[http::field::origin]);
  const std::string_view host = view(request[http::field::host]);
  if (!origins.allows_host(host)) {
    return refuse({Fault::foreign_host,
                   "If this name is meant to lead here, start the server with it "
                   "as --origin.",
                   "Host"});
  }
  if (!origins.allows(origin, host)) {
    return refuse({Fault::foreign_origin, "See --origin.", "Origin"});
  }
  return {};
}

HttpResponse no_such_method(const std::string& allowed, const HttpRequest& request) {
  HttpResponse response;
  if (request.method() == http::verb::options) {
    response = HttpResponse{http::status::no_content, 11};
    response.set("Access-Control-Allow-Methods", allowed);
    response.set("Access-Control-Allow-Headers",
                 "Content-Type, If-Match, If-None-Match, Idempotency-Key, Prefer, Last-Event-ID, "
                 "Authorization");
    response.set("Access-Control-Max-Age", "600");
  } else {
    response = respond({Fault::method, "It has " + allowed + '.'});
  }
  response.set(http::field::allow, allowed);
  return response;
}

std::variant<HttpResponse, Routed> dispatch_api(Exchange exchange, const OriginPolicy& origins) {
  const HttpRequest& request = exchange.request;
  const auto& segments = exchange.target.segments;
  const std::string allowed = allowed_methods(routes(), segments);
  if (allowed.empty()) {
    return respond({Fault::no_resource, "spec/openapi.yaml lists all paths."});
  }
  const Route* route = find_route(routes(), segments, request.method());
  if (route == nullptr) {
    return no_such_method(allowed, request);
  }
  const std::string_view accept = view(request[http::field::accept]);
  const bool stream = route->streams && wants_stream(accept, route->type);
  if (!stream && !acceptance_of(route->type, accept)) {
    const std::string or_stream = route->streams ? " or text/event-stream." : ".";
    return respond(
        {Fault::not_acceptable, "It is " + std::string(route->type) + or_stream, "Accept"});
  }
  if (auto named = read_names(exchange); !named) {
    return respond(named.error());
  }
  if (auto authorized = authorize(exchange, origins); !authorized) {
    return respond(authorized.error());
  }
  return Routed{std::move(exchange), route, stream};
}

bool is_below(std::string_view target, std::string_view path) {
  return target.starts_with(path) &&
         (target.size() == path.size() || target[path.size()] == '/' || target[path.size()] == '?');
}

bool is_api(std::string_view target) {
  return is_below(target, "/v1") || is_below(target, "/metrics");
}

HttpResponse answer_readiness(std::string_view not_ready) {
  return not_ready.empty() ? make_response(http::status::ok, "text/plain; charset=utf-8", "ready\n")
                           : refuse(http::status::service_unavailable, not_ready);
}

}  // namespace

std::span<const Route> routes() { return all_routes; }

std::variant<HttpResponse, Routed> dispatch(Worker& worker, const OriginPolicy& origins,
                                            const HttpRequest& request) {
  const bool is_read = request.method() == http::verb::get || request.method() == http::verb::head;
  if (is_read && is_for(request, "/readyz")) {
    return answer_readiness(worker.not_ready());
  }
  if (boost::beast::websocket::is_upgrade(request) || !is_api(view(request.target()))) {
    return answer(request);
  }
  if (auto own = check_page(origins, request); !own) {
    return respond(own.error());
  }
  auto target = parse_target(view(request.target()));
  if (!target) {
    return respond({Fault::bad_target,
                    "A name in it must be UTF-8 without control characters, in "
                    "percent-encoding, and a parameter stand in it once."});
  }
  return dispatch_api(Exchange{worker, request, std::move(*target)}, origins);
}

void finish_response(const HttpRequest& request, HttpResponse& response) {
  if (const auto origin = request[http::field::origin]; !origin.empty()) {
    response.insert(http::field::vary, "Origin");
    if (response.result() != http::status::forbidden && is_api(view(request.target()))) {
      response.set("Access-Control-Allow-Origin", origin);
      response.set("Access-Control-Expose-Headers",
                   "ETag, Segue-Type, Segue-Raw-Of, Allow, Retry-After");
    }
  }
  if (request.method() == http::verb::head) {
    response.body().clear();  // The length stays that of the body.
  }
}

}  // namespace segue::server
