// What became of an op on its way from the version it was made from to the one it was committed at,
// in data and in words. Pure.
#pragma once

#include <span>
#include <string>

#include "oplog/op_log.h"
#include "ot/document.h"
#include "ot/type.h"

namespace segue::server {

// A printed list: for a type that explains, what each of `since` did to the op; for others one
// sentence about all of them. `base` is the document that the op was made from, `since` what was
// committed after that.
std::string explain_write(const ot::Snapshot& base, ot::AnyOp op,
                          std::span<const oplog::Entry> since);

}  // namespace segue::server
