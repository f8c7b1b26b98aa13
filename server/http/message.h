// HTTP requests and responses as Beast has them, with bodies in memory.
#pragma once

#include <string_view>

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>

namespace segue::server {

using HttpRequest = boost::beast::http::request<boost::beast::http::string_body>;
using HttpResponse = boost::beast::http::response<boost::beast::http::string_body>;

inline std::string_view view(boost::beast::string_view text) { return {text.data(), text.size()}; }
inline boost::beast::string_view beast_view(std::string_view text) {
  return {text.data(), text.size()};
}

HttpResponse make_response(boost::beast::http::status status, std::string_view content_type,
                           std::string body);

}  // namespace segue::server
