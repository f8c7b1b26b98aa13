// Change: a new state of a document, from a PUT or a PATCH, made an op and committed.
//
// Strand: the exchange's worker.
#pragma once

#include <functional>

#include <boost/asio/awaitable.hpp>

#include "ot/json.h"
#include "server/http/exchange.h"
#include "server/http/write_request.h"

namespace segue::server {

// What the document is to become, from what it is. Runs anywhere, and may run more than once.
using Change = std::function<Answer<ot::Json>(const ot::Json& doc)>;

// Commits what `change` changes, as `write` says. The response: what the document is then, or why
// nothing was done.
boost::asio::awaitable<HttpResponse> commit_change(Exchange& exchange, WriteRequest write,
                                                   Change change);

boost::asio::awaitable<HttpResponse> commit_delete(Exchange& exchange, WriteRequest write);

// A create or an op.
boost::asio::awaitable<HttpResponse> commit_submission(Exchange& exchange, WriteRequest write,
                                                       ot::Submission submission);

}  // namespace segue::server
