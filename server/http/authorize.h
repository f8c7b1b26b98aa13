// Who may do what over HTTP. The single place: every request to /v1 passes it before its body is
// read.
#pragma once

#include "server/http/exchange.h"
#include "server/http/router.h"

namespace segue::server {

// May the request do this to `exchange.doc`? Without an id it means the collection, without a
// collection everything. Without access control everybody may do everything.
Answer<void> authorize(const Exchange& exchange, Action action);

}  // namespace segue::server
