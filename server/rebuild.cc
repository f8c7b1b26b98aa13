#include "server/rebuild.h"

#include <algorithm>
#include <utility>

#include "ot/json_text.h"
#include "server/log.h"

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

namespace {

// The document at its newest checkpoint up to `version`; at version 0 where there is none.
ot::Result<ot::Document> restore(const oplog::OpLog& log, const ot::DocId& doc, ot::Version version,
                                 const ot::DocumentLimits& limits, ot::TypeLookup types) {
  ot::Document document(limits, types);
  auto checkpoint = log.checkpoint(doc, version);
  if (checkpoint && *checkpoint) {
    auto restored =
        document.restore((*checkpoint)->version, (*checkpoint)->type, (*checkpoint)->data);
    if (restored) {
      return document;
    }
    checkpoint = ot::fail(std::move(restored.error()));
  }
  if (!checkpoint) {
    if (checkpoint.error().code != ot::Errc::log_corrupt) {
      return ot::fail(std::move(checkpoint.error()));
    }
    log_warning("{}; the document is rebuilt from all of its ops", checkpoint.error().detail);
  }
  return ot::Document(limits, types);
}

}  // namespace

ot::Result<Rebuilt> rebuild(const oplog::OpLog& log, const ot::DocId& doc,
                            std::optional<ot::Version> version, const ot::DocumentLimits& limits,
                            ot::TypeLookup types) {
  auto head = log.head(doc);
  if (!head) {
    return ot::fail(std::move(head.error()));
  }
  const ot::Version to = std::min(version.value_or(head->version), head->version);
  auto document = restore(log, doc, to, limits, types);
  if (!document) {
    return ot::fail(std::move(document.error()));
  }
  Rebuilt rebuilt{std::move(*document)};
  const ot::Version from = rebuilt.document.version();
  auto replayed = for_each_entry(log, doc, from, to, [&](oplog::Entry entry) {
    rebuilt.ops_bytes += oplog::entry_bytes(entry);
    auto result = rebuilt.document.replay(committed_op(std::move(entry)));
    if (!result) {
      result.error().detail.insert(0, doc.str() + ": ");
    }
    return result;
  });
  if (!replayed) {
    return ot::fail(std::move(replayed.error()));
  }
  if (rebuilt.document.version() == head->version) {
    rebuilt.document.set_time(head->time_ms);
  }
  return rebuilt;
}

ot::Result<RawSnapshot> raw_snapshot(const oplog::OpLog& log, const ot::DocId& doc,
                                     std::optional<ot::Version> version) {
  const auto head = log.head(doc);
  if (!head) {
    return ot::fail(head.error());
  }
  RawSnapshot raw;
  raw.head = head->version;
  const ot::Version to = std::min(version.value_or(head->version), head->version);
  auto checkpoint = log.checkpoint(doc, to);
  if (checkpoint && *checkpoint) {
    raw.version = (*checkpoint)->version;
    raw.type = std::move((*checkpoint)->type);
    raw.data = std::move((*checkpoint)->data);
  }
  const auto read = for_each_entry(log, doc, raw.version, to, [&](oplog::Entry entry) {
    if (entry.kind == ot::OpKind::create || entry.kind == ot::OpKind::remove) {
      raw.version = entry.version + 1;
      raw.type = std::move(entry.type);
      raw.data = entry.kind == ot::OpKind::create ? std::move(entry.payload) : "";
    }
    return ot::Result<void>();
  });
  if (!read) {
    return ot::fail(read.error());
  }
  return raw;
}

void store_checkpoint(oplog::OpLog& log, const ot::DocId& doc, const ot::Snapshot& snapshot) {
  oplog::Checkpoint checkpoint{doc, snapshot.version, "", ""};
  if (snapshot.type != nullptr) {
    checkpoint.type = snapshot.type->uri;
    checkpoint.data = ot::json_text(snapshot.data);
  }
  if (const auto saved = log.save_checkpoint(checkpoint); !saved) {
    log_warning("no checkpoint of {}@{}: {}", doc.str(), snapshot.version.value,
                saved.error().detail);
  }
}

}  // namespace segue::server
