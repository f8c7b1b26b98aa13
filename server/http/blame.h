// Blame: for each member of a document, and each element with an id of its lists, the op that last
// changed it. Reads the whole history: not for a worker's thread.
#pragma once

#include <string>

#include "oplog/op_log.h"
#include "ot/document.h"
#include "ot/type_lookup.h"
#include "server/http/problem.h"

namespace segue::server {

// The printed answer for the document at `now`. Errors: no_blame where it is no object; those of
// the log.
Answer<std::string> blame(const oplog::OpLog& log, const ot::DocId& doc, const ot::Snapshot& now,
                          ot::TypeLookup types, const ot::DocumentLimits& limits);

}  // namespace segue::server
