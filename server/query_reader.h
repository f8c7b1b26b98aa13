// Reads the documents of a collection from the log, piece by piece. May block: not for a worker's
// thread.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "oplog/op_log.h"
#include "ot/document.h"
#include "ot/result.h"
#include "ot/type_lookup.h"

namespace segue::server {

struct Piece {
  std::vector<std::pair<std::string, ot::Snapshot>> documents;  // by id
  std::optional<std::string> next_after;                        // none: that was the last piece
  std::optional<ot::Error> error;
};

// The next documents with an id after `after`, in the order of ids; those of unknown types, and
// those that cannot be read, which is logged, as if they did not exist.
Piece read_documents(const oplog::OpLog& log, const std::string& collection,
                     const std::string& after, const ot::DocumentLimits& limits,
                     ot::TypeLookup types);

}  // namespace segue::server
