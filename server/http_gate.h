// HttpGate: who may come in by HTTP, and what the others are answered. Normative: spec/access.md,
// "Where a token may be". Pure, but for the tickets it gives out.
#pragma once

#include <memory>
#include <string_view>

#include "ot/result.h"
#include "server/access/access.h"
#include "server/http.h"
#include "server/origin.h"

namespace segue::server {

class HttpGate {
 public:
  // What its token gives; null where no keys are in use.
  using Admitted = ot::Result<std::shared_ptr<const access::Rights>>;

  // `access`: null where no keys are in use. What is referred to outlives the gate.
  HttpGate(const OriginPolicy& origins, access::Access* access, double now_s)
      : origins_(origins), access_(access), now_s_(now_s) {}

  // Whether a request may come in that needs to be let in. Errors: forbidden, for its origin or the
  // lack of one; unauthorized, for its token or the lack of one. A ticket is used up by that.
  Admitted admit(const HttpRequest& request) const;
  static constexpr std::string_view ticket_path = "/v1/tickets";
  bool gives_tickets() const { return access_ != nullptr; }
  // The answer to a request for a ticket. REQUIRES: gives_tickets().
  HttpResponse answer_ticket(const HttpRequest& request) const;

 private:
  HttpResponse give_ticket(const HttpRequest& request) const;

  const OriginPolicy& origins_;
  access::Access* access_;
  double now_s_;
};

// The answer to one that was not admitted: 401, or 403.
HttpResponse refuse_access(const ot::Error& error);

}  // namespace segue::server
