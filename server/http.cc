#include "server/http.h"

#include <boost/beast/http/error.hpp>
#include <boost/beast/http/field.hpp>
#include <boost/beast/websocket/rfc6455.hpp>

#include "clients/web/assets.h"

namespace segue::server {

namespace {

namespace http = boost::beast::http;

std::string_view view(boost::beast::string_view text) { return {text.data(), text.size()}; }

std::string_view path_of(const HttpRequest& request) {
  const std::string_view target = view(request.target());
  return target.substr(0, target.find('?'));
}

bool is_socket_path(std::string_view path) { return path == "/" || path == "/v1/ws"; }

// The page may load its own parts, talk to its own server, and nothing else.
constexpr const char* content_security_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

HttpResponse serve_asset(const HttpRequest& request, const web::Asset& asset) {
  const bool known = view(request[http::field::if_none_match]) == asset.etag;
  HttpResponse response = respond(known ? http::status::not_modified : http::status::ok,
                                  asset.content_type, known ? "" : asset.body);
  response.set(http::field::etag, std::string(asset.etag));
  response.set(http::field::cache_control, "no-cache");
  response.set("Content-Security-Policy", content_security_policy);
  return response;
}

HttpResponse answer_get(const HttpRequest& request, std::string_view path) {
  if (path == "/healthz") {
    return respond(http::status::ok, "text/plain; charset=utf-8", "ok\n");
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

HttpResponse respond(http::status status, std::string_view content_type, std::string_view body) {
  HttpResponse response{status, 11};
  response.set(http::field::content_type,
               boost::beast::string_view(content_type.data(), content_type.size()));
  response.set("X-Content-Type-Options", "nosniff");
  response.set("Referrer-Policy", "no-referrer");
  response.body() = body;
  response.prepare_payload();
  return response;
}

HttpResponse refuse(http::status status, std::string_view why) {
  return respond(status, "text/plain; charset=utf-8", std::string(why) + "\n");
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

HttpResponse answer_unreadable(const boost::system::error_code& error) {
  if (error == http::error::header_limit) {
    return refuse(http::status::request_header_fields_too_large, "Header too large");
  }
  if (error == http::error::body_limit) {
    return refuse(http::status::payload_too_large, "Body too large");
  }
  return refuse(http::status::bad_request, "Bad request");
}

}  // namespace segue::server
