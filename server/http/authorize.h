// Who may do what over HTTP (spec/access.md). The single place: every request to /v1 passes
// authorize() before its body is read, and every op authorize_op() before it is submitted.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "ot/op.h"
#include "server/http/exchange.h"
#include "server/origin.h"

namespace segue::server {

// Lets the bearer of the request's token in, and asks whether they may read `exchange.doc`; without
// an id all of the collection, without a collection the whole log, which takes `admin`. Without
// keys everybody may do everything. Errors: unauthorized, forbidden.
Answer<void> authorize(Exchange& exchange, const OriginPolicy& origins);

// Whether they may submit this op, under this src. Errors: forbidden; try_again.
boost::asio::awaitable<Answer<void>> authorize_op(Exchange& exchange,
                                                  const ot::Submission& submission);

// Whether what was allowed still is: tokens expire, and rules change.
bool is_still_allowed(const Exchange& exchange);

}  // namespace segue::server
