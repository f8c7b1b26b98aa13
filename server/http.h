// The HTTP side: which answer a request gets. Pure; the listener does the I/O.
#pragma once

#include <string>
#include <string_view>

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>

#include "server/origin.h"

namespace segue::server {

using HttpRequest = boost::beast::http::request<boost::beast::http::string_body>;
using HttpResponse = boost::beast::http::response<boost::beast::http::string_body>;

// The request asks for a WebSocket and may have one: at `/` or `/v1/ws`, from an allowed origin.
bool is_welcome_upgrade(const HttpRequest& request, const OriginPolicy& origins);

// The answer to any other request, an upgrade that is not welcome included.
HttpResponse answer(const HttpRequest& request);

// The answer to a request that could not be read.
HttpResponse answer_unreadable(const boost::system::error_code& error);

}  // namespace segue::server
