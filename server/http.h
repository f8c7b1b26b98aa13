// The page and its parts, and which requests become WebSockets. Pure. /v1 is in server/http.
#pragma once

#include "server/http/message.h"
#include "server/origin.h"

namespace segue::server {

// The request asks for a WebSocket and may have one: at `/` or `/v1/ws`, from an allowed origin.
bool is_welcome_upgrade(const HttpRequest& request, const OriginPolicy& origins);

// The answer to any other request, an upgrade that is not welcome included.
HttpResponse answer(const HttpRequest& request);

}  // namespace segue::server
