// The fixture log tests/golden/log-v1: what it holds, so that it can be made and be checked.
#pragma once

#include <string>
#include <vector>

#include "oplog/lmdb_log.h"

namespace segue::test {

inline std::vector<oplog::Entry> golden_entries() {
  std::vector<oplog::Entry> entries;
  for (std::uint64_t version = 0; version < 30; ++version) {
    for (const ot::DocId& doc : {ot::DocId{"plans", "gala"}, ot::DocId{"plans", "größe"},
                                 ot::DocId{"notes", std::string(255, 'n')}}) {
      oplog::Entry entry;
      entry.doc = doc;
      entry.version = ot::Version{version};
      entry.kind = version == 0    ? oplog::OpKind::create
                   : version == 28 ? oplog::OpKind::remove
                   : version == 29 ? oplog::OpKind::noop
                                   : oplog::OpKind::edit;
      entry.type = version == 0 ? "http://sharejs.org/types/JSONv0" : "";
      entry.src = ot::ClientId{version % 2 == 0 ? "even" : "odd"};
      entry.seq = ot::Seq{version};
      entry.time_ms = 1735689600000 + static_cast<std::int64_t>(version / 3);
      entry.author = "anonymous";
      entry.payload = version == 0 ? "{\"x\":[]}"
                      : version >= 28
                          ? ""
                          : "[{\"p\":[\"x\",0],\"li\":" + std::to_string(version) + "}]";
      entry.submitted = version % 5 == 4 && version < 28 ? "[{\"p\":[\"x\",1],\"li\":4}]" : "";
      entry.reason = version == 7 ? "rehearsal" : "";
      entries.push_back(entry);
    }
  }
  return entries;
}

inline std::vector<oplog::Checkpoint> golden_checkpoints() {
  return {
      {{"plans", "gala"}, {10}, "http://sharejs.org/types/JSONv0", "{\"x\":[9,8,7,6,5,4,3,2,1]}"},
      {{"plans", "gala"}, {29}, "", ""}};
}

// Salts that are the same in each run.
inline oplog::SaltSource golden_salts() {
  return [next = std::uint8_t{0}]() mutable {
    oplog::Salts salts;
    salts.contents.fill(next++);
    salts.author.fill(next++);
    return salts;
  };
}

// Makes the log in an empty or missing directory.
inline ot::Result<void> make_golden_log(const std::string& directory) {
  oplog::LmdbLog::Options options;
  options.map_bytes = std::size_t{1} << 20;
  options.salts = golden_salts();
  auto log = oplog::LmdbLog::open(directory, options);
  if (!log) {
    return ot::fail(log.error());
  }
  const auto entries = golden_entries();
  const auto half = entries.size() / 2;
  for (const auto part : {std::span(entries).first(half), std::span(entries).subspan(half)}) {
    if (auto appended = (*log)->append(part); !appended) {
      return appended;
    }
  }
  for (const auto& checkpoint : golden_checkpoints()) {
    if (auto saved = (*log)->save_checkpoint(checkpoint); !saved) {
      return saved;
    }
  }
  return {};
}

}  // namespace segue::test
