// The handlers of /v1, one for each resource and method. spec/openapi.yaml says what each does.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "server/http/exchange.h"

namespace segue::server {

boost::asio::awaitable<HttpResponse> list_documents(Exchange& exchange);
boost::asio::awaitable<HttpResponse> get_document(Exchange& exchange);
boost::asio::awaitable<HttpResponse> put_document(Exchange& exchange);
boost::asio::awaitable<HttpResponse> patch_document(Exchange& exchange);
boost::asio::awaitable<HttpResponse> delete_document(Exchange& exchange);
boost::asio::awaitable<HttpResponse> get_ops(Exchange& exchange);
boost::asio::awaitable<HttpResponse> post_op(Exchange& exchange);
boost::asio::awaitable<HttpResponse> get_diff(Exchange& exchange);
boost::asio::awaitable<HttpResponse> get_blame(Exchange& exchange);
boost::asio::awaitable<HttpResponse> list_leases(Exchange& exchange);
boost::asio::awaitable<HttpResponse> take_lease(Exchange& exchange);
boost::asio::awaitable<HttpResponse> renew_lease(Exchange& exchange);
boost::asio::awaitable<HttpResponse> release_lease(Exchange& exchange);
boost::asio::awaitable<HttpResponse> list_presences(Exchange& exchange);
boost::asio::awaitable<HttpResponse> put_presence(Exchange& exchange);
boost::asio::awaitable<HttpResponse> delete_presence(Exchange& exchange);
boost::asio::awaitable<HttpResponse> get_feed(Exchange& exchange);
boost::asio::awaitable<HttpResponse> get_stats(Exchange& exchange);
boost::asio::awaitable<HttpResponse> get_overview(Exchange& exchange);
boost::asio::awaitable<HttpResponse> get_metrics(Exchange& exchange);

}  // namespace segue::server
