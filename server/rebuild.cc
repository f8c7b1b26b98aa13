#include "server/rebuild.h"

#include <algorithm>
#include <utility>

namespace segue::server {

namespace {
constexpr std::size_t piece_bytes = 1u << 20;
}

ot::CommittedOp committed_op(oplog::Entry entry) {
  ot::CommittedOp op;
  op.version = entry.version;
  op.kind = entry.kind;
  op.src = std::move(entry.src);
  op.seq = entry.seq;
  op.time_ms = entry.time_ms;
  op.type = std::move(entry.type);
  op.payload = std::move(entry.payload);
  return op;
}

ot::Result<void> for_each_entry(const oplog::OpLog& log, const ot::DocId& doc, ot::Version from,
                                ot::Version to,
                                const std::function<ot::Result<void>(oplog::Entry)>& visit) {
  while (from < to) {
    auto entries = log.read(doc, from, to, piece_bytes);
    if (!entries) {
      return ot::fail(std::move(entries.error()));
    }
    if (entries->empty()) {
      break;
    }
    from = from + entries->size();
    for (oplog::Entry& entry : *entries) {
      if (auto visited = visit(std::move(entry)); !visited) {
        return visited;
      }
    }
  }
  return {};
}

ot::Result<ot::Document> rebuild(const oplog::OpLog& log, const ot::DocId& doc,
                                 std::optional<ot::Version> version,
                                 const ot::DocumentLimits& limits, ot::TypeLookup types) {
  auto head = log.head(doc);
  if (!head) {
    return ot::fail(std::move(head.error()));
  }
  const ot::Version to = std::min(version.value_or(head->version), head->version);
  ot::Document document(limits, types);
  auto replayed = for_each_entry(log, doc, ot::Version{}, to, [&](oplog::Entry entry) {
    auto result = document.replay(committed_op(std::move(entry)));
    if (!result) {
      result.error().detail.insert(0, doc.str() + ": ");
    }
    return result;
  });
  if (!replayed) {
    return ot::fail(std::move(replayed.error()));
  }
  return document;
}

}  // namespace segue::server
