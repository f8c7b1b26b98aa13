// A document as it was, rebuilt from the log. Blocking reads: not for a worker's thread.
#pragma once

#include <functional>
#include <optional>

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

// The document at `version`, or at its newest where that is earlier or none is given.
ot::Result<ot::Document> rebuild(const oplog::OpLog& log, const ot::DocId& doc,
                                 std::optional<ot::Version> version,
                                 const ot::DocumentLimits& limits, ot::TypeLookup types);

}  // namespace segue::server
