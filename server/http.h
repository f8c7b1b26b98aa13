// The HTTP side: which answer a request gets. Pure; the listener does the I/O.
#pragma once

#include <string>
#include <string_view>

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>

namespace segue::server {

using HttpRequest = boost::beast::http::request<boost::beast::http::string_body>;
using HttpResponse = boost::beast::http::response<boost::beast::http::string_body>;

// The request asks for a WebSocket, at `/` or `/v1/ws`.
bool is_socket_request(const HttpRequest& request);
// The request is for what is at `path`, whatever its query.
bool is_for(const HttpRequest& request, std::string_view path);

// The answer to any other request.
HttpResponse answer(const HttpRequest& request);
HttpResponse respond(boost::beast::http::status status, std::string_view content_type,
                     std::string_view body);
// `why` as a line of text.
HttpResponse refuse(boost::beast::http::status status, std::string_view why);

// The answer to a request that could not be read.
HttpResponse answer_unreadable(const boost::system::error_code& error);

}  // namespace segue::server
