// Requests to a document that take several steps. Private to DocumentActor.
#pragma once

#include <optional>
#include <string_view>
#include <utility>

#include "ot/document.h"
#include "ot/ids.h"
#include "ot/result.h"
#include "server/doc_request.h"
#include "server/document_actor.h"

namespace segue::server {

inline const ot::Error unknown_type{ot::Errc::doc_type_not_recognized,
                                    "The document's type is not known to this server"};

// Ops of [from, head) on their way to a client.
struct DocumentActor::CatchUp {
  DocRequest request;
  ot::Version from;  // the next to send
  bool subscribe;
};

// A place in the document on its way to those who listen.
struct DocumentActor::PresenceWork {
  DocRequest request;
  ot::Presence presence;
};

// An op on its way in. It is rewritten from `base` on, up to `pending.at`; what was committed in
// between its author gets before the ack, from the log while it is rewritten (then `missing_from`
// keeps up with `pending.at`), the rest from memory when it is committed.
struct DocumentActor::SubmitWork {
  SubmitWork(DocRequest from, ot::Submission op)
      : request(std::move(from)),
        pending(std::move(op)),
        base(pending.submission.base),
        missing_from(base) {}

  DocRequest request;
  ot::PendingOp pending;
  const std::optional<ot::Version> base;    // as it came
  std::optional<ot::Version> missing_from;  // ops from here on its author may not have
};

}  // namespace segue::server
