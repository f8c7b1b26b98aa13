#include "server/http.h"

#include <boost/beast/http/field.hpp>
#include <boost/beast/websocket/rfc6455.hpp>

#include "clients/web/assets.h"

namespace segue::server {

namespace {

namespace http = boost::beast::http;

std::string_view path_of(const HttpRequest& request) {
  const std::string_view target = view(request.target());
  return target.substr(0, target.find('?'));
}

bool is_socket_path(std::string_view path) { return path == "/" || path == "/v1/ws"; }

// The page may load its own parts, talk to its own server, and nothing else.
constexpr const char* content_security_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "font-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

HttpResponse serve_asset(const HttpRequest& request, const web::Asset& asset) {
  const bool known = view(request[http::field::if_none_match]) == asset.etag;
  HttpResponse response = make_response(known ? http::status::not_modified : http::status::ok,
                                        asset.content_type, std::string(known ? "" : asset.body));
  response.set(http::field::etag, std::string(asset.etag));
  response.set(http::field::cache_control, "no-cache");
  response.set("Content-Security-Policy", content_security_policy);
  return response;
}

HttpResponse answer_get(const HttpRequest& request, std::string_view path) {
  if (path == "/healthz") {
    return make_response(http::status::ok, "text/plain; charset=utf-8", "ok\n");
  }
  for (const web::Asset& asset : web::assets()) {
    if (asset.path == path) {
      return serve_asset(request, asset);
    }
  }
  return refuse(http::status::not_found, "Not found");
}

}  // namespace

bool is_socket_request(const HttpRequest& request) {
  return boost::beast::websocket::is_upgrade(request) && is_socket_path(path_of(request));
}

bool is_for(const HttpRequest& request, std::string_view path) { return path_of(request) == path; }

HttpResponse refuse(http::status status, std::string_view why) {
  return make_response(status, "text/plain; charset=utf-8", std::string(why) + "\n");
}

HttpResponse answer(const HttpRequest& request) {
  const std::string_view path = path_of(request);
  if (boost::beast::websocket::is_upgrade(request)) {
    return refuse(http::status::not_found, "WebSockets are at / and /v1/ws");
  }
  if (request.method() != http::verb::get && request.method() != http::verb::head) {
    HttpResponse response = refuse(http::status::method_not_allowed, "Only GET and HEAD");
    response.set(http::field::allow, "GET, HEAD");
    return response;
  }
  HttpResponse response = answer_get(request, path);
  if (request.method() == http::verb::head) {
    response.body().clear();  // The length stays that of the body.
  }
  return response;
}

}  // namespace segue::server
