// Scope: what a request sees of documents: all of them, or the part that a projection shows.
#pragma once

#include <utility>

#include "oplog/op_log.h"
#include "ot/projection.h"

namespace segue::server {

struct Scope {
  const ot::Projection* projection = nullptr;  // null: all

  // An op under the names, and with the contents, that are seen.
  oplog::Entry seen(oplog::Entry entry) const;
};

}  // namespace segue::server
