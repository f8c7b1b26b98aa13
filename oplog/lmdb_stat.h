// What a log on disk holds and takes up, for people who run it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "oplog/lmdb_log.h"

namespace segue::oplog {

struct LogStat {
  std::uint32_t format = 0;
  std::optional<std::int64_t> newest_time_ms;  // of the newest op; nothing if it was the first
  Hash running{};                              // of the feed

  struct Database {
    std::string name;
    std::uint64_t items = 0;
    std::uint64_t bytes = 0;  // of its pages
  };
  std::vector<Database> databases;  // those of spec/oplog_format.md
  // Of one of them. REQUIRES: it is one.
  std::uint64_t items(std::string_view database) const;

  std::uint64_t file_bytes = 0;       // of data.mdb
  std::uint64_t reusable_bytes = 0;   // of these, free to be written again
  std::uint64_t map_bytes = 0;        // what data.mdb can grow to, as this process has it open
  std::uint64_t disk_free_bytes = 0;  // of the file system
  std::optional<std::string> writer;  // pid of who holds the directory's lock
};

// As of one moment, in one read transaction. O(pages that are free). Errors: log_corrupt, log_io.
ot::Result<LogStat> stat(const LmdbLog& log);

}  // namespace segue::oplog
