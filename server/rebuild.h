// Documents from and to the log: rebuilt from a checkpoint and the ops since, and stored as a
// checkpoint. All of it may block: not for a worker's thread.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "oplog/op_log.h"
#include "ot/document.h"
#include "ot/ids.h"
#include "ot/op.h"
#include "ot/result.h"

namespace segue::server {

// The entry as the engine knows it; an edit's op is not decoded yet.
ot::CommittedOp committed_op(oplog::Entry entry);

// Ops of [from, to) to `visit`, one by one, until it fails.
ot::Result<void> for_each_entry(const oplog::OpLog& log, const ot::DocId& doc, ot::Version from,
                                ot::Version to,
                                const std::function<ot::Result<void>(oplog::Entry)>& visit);

struct Rebuilt {
  ot::Document document;
  std::size_t ops_bytes = 0;  // of the ops since the checkpoint it was rebuilt from
};

// The document at `version`, or at its newest where that is earlier or none is given: from the
// newest checkpoint before it, and the ops since. Where no checkpoint can be trusted, from all ops.
ot::Result<Rebuilt> rebuild(const oplog::OpLog& log, const ot::DocId& doc,
                            std::optional<ot::Version> version, const ot::DocumentLimits& limits,
                            ot::TypeLookup types);

// What the log has of a document without knowing its type: its newest state up to `version` that
// was stored as such, by a checkpoint or a create. Edits since are only in the log.
struct RawSnapshot {
  ot::Version version;
  std::string type;  // URI; empty where the document did not exist
  std::string data;  // JSON text; may be empty
  ot::Version head;  // the document's
};
ot::Result<RawSnapshot> raw_snapshot(const oplog::OpLog& log, const ot::DocId& doc,
                                     std::optional<ot::Version> version);

// Prints the snapshot and stores it. REQUIRES: its type is known, its ops are in the log.
void store_checkpoint(oplog::OpLog& log, const ot::DocId& doc, const ot::Snapshot& snapshot);

}  // namespace segue::server
