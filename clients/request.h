// What a client says: the ShareDB protocol's requests as JSON text, the mirror of ot/reply.h.
// Normative: spec/protocol.md.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "ot/ids.h"
#include "ot/json.h"
#include "ot/op.h"

namespace segue::client {

// One op as it goes out.
struct OutgoingOp {
  ot::OpKind kind = ot::OpKind::edit;
  std::optional<ot::Version> version;  // none: whatever is current
  ot::Seq seq;
  const ot::ClientId* resent_as = nullptr;  // the src it was first sent under
  std::string_view type;                    // create: URI
  const ot::Json* value = nullptr;          // an edit's op; a create's data, where it has any
};

// hs. `id`: the src of an earlier connection; empty on the first.
std::string handshake_request(const ot::ClientId& id);
std::string op_request(const ot::DocId& doc, const OutgoingOp& op);
// f, s or u, which is `action`. Without a version f and s ask for a snapshot, with one for the ops.
std::string doc_request(std::string_view action, const ot::DocId& doc,
                        std::optional<ot::Version> version = std::nullopt);

// bs for documents of one collection: all of them with a version, or none.
struct BulkItem {
  std::string_view id;
  std::optional<ot::Version> version;
};
std::string bulk_subscribe_request(std::string_view collection, std::span<const BulkItem> items);

}  // namespace segue::client
