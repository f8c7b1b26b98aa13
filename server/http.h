// The page and its parts, and which requests become WebSockets. Pure. /v1 is in server/http.
#pragma once

#include <string>
#include <string_view>

#include "server/http/message.h"

namespace segue::server {

// The request asks for a WebSocket, at `/` or `/v1/ws`.
bool is_socket_request(const HttpRequest& request);
// The request is for what is at `path`, whatever its query.
bool is_for(const HttpRequest& request, std::string_view path);

// The answer to any other request.
HttpResponse answer(const HttpRequest& request);
// `why` as a line of text.
HttpResponse refuse(boost::beast::http::status status, std::string_view why);

}  // namespace segue::server
