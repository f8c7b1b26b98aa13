// What the read-only tools share: opening a log that may be damaged, and naming a document on the
// command line.
#pragma once

#include <cstdio>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "oplog/lmdb_log.h"
#include "ot/ids.h"
#include "ot/result.h"

namespace segue::server {

// Opens the log in `directory` for reading and runs `use` on it, all in a child process, since a
// damaged file can end the process that maps it; that is then reported as a finding. Works while a
// server writes. Returns the exit code.
int with_log(const std::string& directory,
             const std::function<int(const oplog::LmdbLog& log)>& use);

// Prints "segue: ..." on stderr and returns the exit code that fits the error.
int report(const ot::Error& error);

struct DocAt {
  ot::DocId doc;
  std::optional<ot::Version> version;
};
// "collection/id" or "collection/id@version". The collection ends at the first slash.
ot::Result<DocAt> parse_doc(std::string_view text);

}  // namespace segue::server
