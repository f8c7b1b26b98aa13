// WriteRequest: what PUT, PATCH, DELETE and POST say about a write besides its contents.
#pragma once

#include <optional>
#include <string>

#include <boost/asio/awaitable.hpp>

#include "ot/ids.h"
#include "ot/json.h"
#include "ot/op.h"
#include "server/http/exchange.h"

namespace segue::server {

struct WriteRequest {
  ot::ClientId src;
  ot::Seq seq;
  bool named = false;  // by its author, so that it may come again
  std::string reason;

  std::optional<ot::Version> base;  // If-Match: the version that it was made from
  bool any = false;                 // If-Match: *
  bool create = false;              // If-None-Match: *
  bool merge = false;
  bool force = false;
  bool minimal = false;  // Prefer: return=minimal

  // Whatever was committed since its base, it is made from the document as it is.
  bool from_now() const { return force || !base; }
  ot::Submission submission(ot::OpKind kind) const;
};

// Errors: bad_parameter, bad_header.
Answer<WriteRequest> read_write(const Exchange& exchange);

// The body as JSON. Errors: media_type where its type is not `type`; bad_json.
boost::asio::awaitable<Answer<ot::Json>> read_json_body(Exchange& exchange, std::string type);
// "application/json", without parameters, in lower case.
std::string media_type(std::string_view content_type);

}  // namespace segue::server
