// Entries in short, for tests of the log.
#pragma once

#include <string>

#include "oplog/op_log.h"

namespace segue::test {

inline const ot::DocId notes{"notes", "n1"};
inline const ot::DocId plans{"plans", "p1"};

// An edit by `src`, whose seq, time and payload follow from the version.
inline oplog::Entry edit(const ot::DocId& doc, std::uint64_t version,
                         const std::string& src = "alice") {
  oplog::Entry entry;
  entry.doc = doc;
  entry.version = ot::Version{version};
  entry.kind = oplog::OpKind::edit;
  entry.src = ot::ClientId{src};
  entry.seq = ot::Seq{version + 1};
  entry.time_ms = 1000 + 10 * static_cast<std::int64_t>(version);
  entry.author = src + "@example.org";
  entry.payload = "[{\"p\":[" + std::to_string(version) + "],\"li\":1}]";
  return entry;
}

// Edits at versions [from, to).
inline std::vector<oplog::Entry> edits(const ot::DocId& doc, std::uint64_t from, std::uint64_t to,
                                       const std::string& src = "alice") {
  std::vector<oplog::Entry> entries;
  for (std::uint64_t version = from; version < to; ++version) {
    entries.push_back(edit(doc, version, src));
  }
  return entries;
}

}  // namespace segue::test
