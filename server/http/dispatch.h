// From the head of a request to what answers it.
#pragma once

#include <variant>

#include "server/http/exchange.h"
#include "server/http/router.h"
#include "server/origin.h"

namespace segue::server {

// What answers a request, once its body is there.
struct Routed {
  Exchange exchange;
  const Route* route;
  bool stream;  // an event stream was asked for
};

// Or an answer that does not depend on the body: the page and its parts, a refusal.
std::variant<HttpResponse, Routed> dispatch(Worker& worker, const OriginPolicy& origins,
                                            const HttpRequest& request);

// What goes with every answer: that the page may read it, nothing but the head to HEAD.
void finish_response(const HttpRequest& request, HttpResponse& response);

}  // namespace segue::server
