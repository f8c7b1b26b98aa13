// LmdbStore: a data directory, open: its lock, its environment and its databases.
//
// Threads: any. A writer holds the directory's lock; readers work beside it, without a lock.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "oplog/dir_lock.h"
#include "oplog/lmdb_env.h"

namespace segue::oplog {

class LmdbStore {
 public:
  // A writer creates what is missing. Errors: log_locked, log_not_found (a reader, and there is no
  // log), log_corrupt, log_full, log_io; unsupported (written by a newer version of the program).
  static ot::Result<std::unique_ptr<LmdbStore>> open(const std::string& directory, LmdbMode mode,
                                                     std::size_t map_bytes);

  ot::Result<LmdbTxn> begin_read() const { return LmdbTxn::begin(*env_, LmdbMode::reader); }
  ot::Result<LmdbTxn> begin_write() { return LmdbTxn::begin(*env_, LmdbMode::writer); }

  const std::string& directory() const { return directory_; }
  // Of the file system, for an unprivileged process.
  ot::Result<std::uint64_t> free_bytes() const;

  // spec/oplog_format.md, "Databases".
  MDB_dbi meta = 0;
  MDB_dbi names = 0;
  MDB_dbi docs = 0;
  MDB_dbi ops = 0;
  MDB_dbi dedupe = 0;
  MDB_dbi feed = 0;
  MDB_dbi checkpoints = 0;
  std::optional<MDB_dbi> srcs;  // a reader may find a log that has none yet

 private:
  explicit LmdbStore(std::string directory) : directory_(std::move(directory)) {}
  // Makes the log on disk where there is none yet.
  static ot::Result<void> create(const std::string& directory, std::size_t map_bytes);
  ot::Result<void> open_databases(LmdbMode mode);
  ot::Result<void> check_format(LmdbTxn& txn, LmdbMode mode) const;

  std::string directory_;
  std::unique_ptr<DirLock> lock_;  // given back last
  std::unique_ptr<LmdbEnv> env_;
};

}  // namespace segue::oplog
