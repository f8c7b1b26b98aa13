#include "server/http/exchange.h"

#include <boost/beast/http/field.hpp>

namespace segue::server {

namespace http = boost::beast::http;

namespace {

constexpr std::uint64_t page_default = 100;
constexpr std::uint64_t page_max = 1'000;

}  // namespace

Answer<std::optional<std::uint64_t>> Exchange::number(std::string_view name,
                                                      std::uint64_t max) const {
  const std::string* text = target.find(name);
  if (text == nullptr) {
    return std::nullopt;
  }
  const auto value = parse_integer(*text);
  if (!value || *value > max) {
    const std::string bound = max == UINT64_MAX ? "2^53 - 1" : std::to_string(max);
    return refuse({Fault::bad_parameter, "It must be an integer from 0 to " + bound + ".",
                   std::string(name)});
  }
  return value;
}

Answer<std::uint64_t> Exchange::page_limit() const {
  const auto limit = number("limit", page_max);
  if (!limit || *limit == std::uint64_t{0}) {
    return refuse({Fault::bad_parameter,
                   "It must be an integer from 1 to " + std::to_string(page_max) + '.', "limit"});
  }
  return limit->value_or(page_default);
}

Answer<bool> Exchange::flag(std::string_view name) const {
  const std::string* text = target.find(name);
  if (text != nullptr && *text != "1") {
    return refuse({Fault::bad_parameter, "It must be 1, or not be there.", std::string(name)});
  }
  return text != nullptr;
}

Answer<std::optional<VersionTags>> Exchange::tags(http::field field) const {
  if (request.count(field) == 0) {
    return std::nullopt;
  }
  const auto name = view(http::to_string(field));
  auto tags = request.count(field) == 1 ? parse_tags(header(field)) : std::nullopt;
  if (!tags) {
    return refuse({Fault::bad_header, "It must be * or versions in quotes, such as \"7\".",
                   std::string(name)});
  }
  return tags;
}

HttpResponse json_response(std::string body) {
  HttpResponse response = make_response(http::status::ok, "application/json", std::move(body));
  response.set(http::field::cache_control, "no-cache");
  return response;
}

void set_version(HttpResponse& response, ot::Version version) {
  response.set(http::field::etag, etag(version));
  response.set(http::field::cache_control, "no-cache");
}

HttpResponse not_modified(ot::Version version) {
  HttpResponse response{http::status::not_modified, 11};
  set_version(response, version);
  return response;
}

}  // namespace segue::server
