// What a write is answered: where it was committed and what the document is then, or which version
// stood in its way.
//
// Strand: the exchange's worker.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "ot/document.h"
#include "server/doc_answer.h"
#include "server/http/exchange.h"
#include "server/http/write_request.h"

namespace segue::server {

// What was committed: `op` is what the author meant, at `base`.
struct Origin {
  ot::Snapshot base;
  ot::AnyOp op = {};  // empty where it was not made from a document
};

// Committed.
boost::asio::awaitable<HttpResponse> written(Exchange& exchange, WriteRequest write, Origin origin,
                                             Committed committed);
// There was nothing to do.
boost::asio::awaitable<HttpResponse> unchanged(Exchange& exchange, WriteRequest write,
                                               ot::Snapshot now);
// The document is at `now` and not at the base that the write named.
boost::asio::awaitable<HttpResponse> conflict(Exchange& exchange, ot::Version base,
                                              ot::Snapshot now, Problem problem);

}  // namespace segue::server
