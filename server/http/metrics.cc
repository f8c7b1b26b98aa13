// What the server has done and holds: for Prometheus, and at this moment.

#include <utility>

#include "server/http/call.h"
#include "server/http/handlers.h"
#include "server/metrics_text.h"

namespace segue::server {

namespace {

boost::asio::awaitable<Live> counted(Worker& worker) {
  return called_back<Live>([&worker](auto done) { worker.count_live(std::move(done)); });
}

}  // namespace

boost::asio::awaitable<HttpResponse> get_stats(Exchange& exchange) {
  const Live live = co_await counted(exchange.worker);
  co_return json_response(live_text(live) + '\n');
}

boost::asio::awaitable<HttpResponse> get_metrics(Exchange& exchange) {
  Worker& worker = exchange.worker;
  const Live live = co_await counted(worker);
  MetricsText text;
  text.add(*worker.metrics_of_all());
  text.add(worker.commit_metrics());
  text.add(live);
  text.add_gauge("log_reads", "Reads of the log under way",
                 static_cast<double>(worker.reads_open()));
  text.add_gauge("http_requests", "HTTP requests that are being answered",
                 static_cast<double>(worker.requests_open()));
  text.add_gauge("ready", "Whether the server takes edits", worker.not_ready().empty() ? 1 : 0);
  HttpResponse response = make_response(boost::beast::http::status::ok,
                                        "text/plain; version=0.0.4; charset=utf-8", text.print());
  response.set(boost::beast::http::field::cache_control, "no-store");
  co_return response;
}

}  // namespace segue::server
