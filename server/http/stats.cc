// What the server holds at this moment.

#include <utility>

#include "server/http/call.h"
#include "server/http/handlers.h"

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

}  // namespace segue::server
