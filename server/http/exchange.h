// Exchange: one request on its way to its response, and what handlers ask of it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/awaitable.hpp>

#include "ot/document.h"
#include "ot/ids.h"
#include "server/access/rights.h"
#include "server/http/conditions.h"
#include "server/http/message.h"
#include "server/http/problem.h"
#include "server/http/scope.h"
#include "server/http/target.h"
#include "server/worker.h"

namespace segue::server {

struct Exchange {
  Worker& worker;
  const HttpRequest& request;
  Target target;
  ot::DocId named = {};   // as far as the path names one
  std::string channel{};  // of presence, where the path names one
  ot::DocId doc = {};     // the document that `named` is, itself or through the view
  Scope scope = {};
  std::shared_ptr<const access::Rights> rights = nullptr;  // null where no keys are in use

  std::string_view header(boost::beast::http::field field) const { return view(request[field]); }
  std::string_view header(std::string_view name) const { return view(request[beast_view(name)]); }

  // A parameter of the query that is a number in [0, max].
  Answer<std::optional<std::uint64_t>> number(std::string_view name,
                                              std::uint64_t max = UINT64_MAX) const;
  // The parameter `limit`: how many things a page may have.
  Answer<std::uint64_t> page_limit() const;
  // A parameter that is 1 or not there.
  Answer<bool> flag(std::string_view name) const;
  // Errors: bad_header.
  Answer<std::optional<VersionTags>> tags(boost::beast::http::field field) const;
};

using Handler = boost::asio::awaitable<HttpResponse> (*)(Exchange& exchange);

// 200 with printed JSON.
HttpResponse json_response(std::string body);
// With the version as ETag, to be asked for again each time.
void set_version(HttpResponse& response, ot::Version version);
HttpResponse not_modified(ot::Version version);

}  // namespace segue::server
