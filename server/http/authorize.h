// Who may do what over HTTP (spec/access.md). The single place: every request to /v1 passes
// authorize() before its body is read, every op and request for a lease the other two after that.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "ot/ids.h"
#include "server/access/policy.h"
#include "server/http/exchange.h"
#include "server/origin.h"

namespace segue::server {

// Lets the bearer of the request's token in, and asks whether they may read what it names: a
// document, or without an id all of its collection; a channel; else the whole log, which takes
// `admin`. It goes by the names in the path, also where they are those of a projection. Without
// keys everybody may do everything. Errors: unauthorized, forbidden.
Answer<void> authorize(Exchange& exchange, const OriginPolicy& origins);

// Whether they may do this to the document. Errors: forbidden.
Answer<void> authorize_action(const Exchange& exchange, access::Action action);
// Whether the src is theirs. Errors: forbidden; try_again.
boost::asio::awaitable<Answer<void>> authorize_src(Exchange& exchange, ot::ClientId src);

// Whether what was allowed still is: tokens expire, and rules change.
bool is_still_allowed(const Exchange& exchange);

}  // namespace segue::server
