#include "server/http_gate.h"

#include <string>
#include <string_view>

#include <boost/beast/http/field.hpp>

#include "server/random_id.h"

namespace segue::server {

namespace {

namespace http = boost::beast::http;
using ot::Errc;

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') {
    text.remove_prefix(1);
  }
  while (!text.empty() && text.back() == ' ') {
    text.remove_suffix(1);
  }
  return text;
}

// The value of the first `name=value` in a list of them; empty if there is none.
std::string_view value_of(std::string_view list, char separator, std::string_view name) {
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(separator), list.size());
    const std::string_view item = trimmed(list.substr(0, end));
    if (item.starts_with(name) && item.substr(name.size()).starts_with('=')) {
      return item.substr(name.size() + 1);
    }
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return {};
}

// The token of `Authorization: Bearer TOKEN`; empty if there is none.
std::string_view bearer_token(const HttpRequest& request) {
  constexpr std::string_view scheme = "bearer ";
  const std::string_view value = view(request[http::field::authorization]);
  return boost::beast::iequals(beast_view(value.substr(0, scheme.size())), beast_view(scheme))
             ? trimmed(value.substr(scheme.size()))
             : std::string_view();
}

std::string_view ticket_of(const HttpRequest& request) {
  const std::string_view target = view(request.target());
  const std::size_t query = target.find('?');
  return query == target.npos ? "" : value_of(target.substr(query + 1), '&', "ticket");
}

}  // namespace

HttpGate::Admitted HttpGate::admit(const HttpRequest& request) const {
  const std::string_view origin = view(request[http::field::origin]);
  if (!origins_.allows(origin, view(request[http::field::host]))) {
    return ot::fail(Errc::forbidden, "This origin may not connect; see --origin");
  }
  if (access_ == nullptr) {
    return nullptr;
  }
  if (request.find(http::field::authorization) != request.end()) {
    return access_->check(bearer_token(request), now_s_);
  }
  if (const std::string_view ticket = ticket_of(request); !ticket.empty()) {
    return access_->redeem(std::string(ticket), now_s_);
  }
  const std::string_view token =
      value_of(view(request[http::field::cookie]), ';', access_->cookie());
  if (token.empty()) {
    return ot::fail(Errc::unauthorized, "a token is needed");
  }
  // A browser sends the cookie along with whatever any page asks for, and says which page it was.
  if (origin.empty()) {
    return ot::fail(Errc::forbidden, "A cookie counts only in a request with an Origin");
  }
  return access_->check(token, now_s_);
}

// Pages of the origins that may connect may ask for a ticket, and read it.
HttpResponse HttpGate::answer_ticket(const HttpRequest& request) const {
  HttpResponse response = request.method() == http::verb::post ? give_ticket(request)
                          : request.method() == http::verb::options
                              ? make_response(http::status::no_content, "text/plain", "")
                              : refuse(http::status::method_not_allowed, "Only POST");
  response.set(http::field::allow, "POST, OPTIONS");
  response.set(http::field::cache_control, "no-store");
  const auto origin = request[http::field::origin];
  if (!origin.empty() && origins_.allows(view(origin), view(request[http::field::host]))) {
    response.set(http::field::access_control_allow_origin, origin);
    response.set(http::field::access_control_allow_credentials, "true");
    response.set(http::field::access_control_allow_headers, "authorization");
    response.set(http::field::vary, "Origin");
  }
  return response;
}

HttpResponse HttpGate::give_ticket(const HttpRequest& request) const {
  const Admitted rights =
      ticket_of(request).empty()
          ? admit(request)
          : ot::fail(Errc::unauthorized, "a ticket is given for a token, not for a ticket");
  if (!rights) {
    return refuse_access(rights.error());
  }
  const std::string ticket = random_id();
  if (!access_->tickets().issue(ticket, *rights, now_s_)) {
    return refuse(http::status::service_unavailable, "Too many tickets are out");
  }
  return make_response(http::status::created, "application/json",
                       R"({"ticket":")" + ticket + R"(","expires_in":30})");
}

HttpResponse refuse_access(const ot::Error& error) {
  if (error.code == Errc::forbidden) {
    return refuse(http::status::forbidden, error.detail);
  }
  HttpResponse response = refuse(http::status::unauthorized, error.detail);
  response.set(http::field::www_authenticate, "Bearer");
  return response;
}

}  // namespace segue::server
