#include "server/http/scope.h"

#include "server/rebuild.h"

namespace segue::server {

oplog::Entry Scope::seen(oplog::Entry entry) const {
  if (projection == nullptr) {
    return entry;
  }
  ot::CommittedOp op = projection->project(committed_op(entry));
  entry.doc.collection = projection->name;
  entry.kind = op.kind;
  entry.type = op.kind == ot::OpKind::noop ? "" : std::move(op.type);
  entry.payload = op.kind == ot::OpKind::noop ? "" : std::move(op.payload);
  entry.submitted.clear();
  return entry;
}

}  // namespace segue::server
