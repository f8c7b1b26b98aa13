// What the server has done, for Prometheus.

#include "server/http/handlers.h"

namespace segue::server {

boost::asio::awaitable<HttpResponse> get_metrics(Exchange& exchange) {
  HttpResponse response =
      make_response(boost::beast::http::status::ok, "text/plain; version=0.0.4; charset=utf-8",
                    exchange.worker.metrics_text());
  response.set(boost::beast::http::field::cache_control, "no-store");
  co_return response;
}

}  // namespace segue::server
