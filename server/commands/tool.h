// What the read-only tools share: opening a log that may be damaged, and naming a document on the
// command line.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include <CLI/App.hpp>

#include "oplog/lmdb_log.h"
#include "ot/ids.h"
#include "ot/result.h"

namespace segue::server {

// Prints "segue: ..." on stderr, and for a damaged log what to do next. Returns the exit code that
// fits the error.
int report(const ot::Error& error);

// Opens the log in `directory` for reading and runs `use` on it, all in a child process, since a
// damaged file can end the process that maps it; `failed` then gets that as log_corrupt, and also
// gets what kept the log from being opened. Works while a server writes. Returns the exit code.
int with_log(const std::string& directory, const std::function<int(const oplog::LmdbLog& log)>& use,
             const std::function<int(const ot::Error& error)>& failed = report);

// --data, which the server's environment names too.
void add_data_option(CLI::App& command, std::string& directory);

// The head of a document. Errors: log_not_found where there never was one; those of OpLog.
ot::Result<oplog::Head> existing_head(const oplog::OpLog& log, const ot::DocId& doc);
// That its data cannot be shown here.
ot::Error unknown_type(const ot::DocId& doc);

// "collection/id". The collection ends at the first slash.
ot::Result<ot::DocId> parse_doc(std::string_view text);
struct DocAt {
  ot::DocId doc;
  std::optional<ot::Version> version;
};
// "collection/id" or "collection/id@version".
ot::Result<DocAt> parse_doc_at(std::string_view text);

}  // namespace segue::server
