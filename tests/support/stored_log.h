// StoredLog: an LmdbLog in a directory of its own that can be closed and opened again.
#pragma once

#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include "oplog/lmdb_log.h"
#include "tests/support/temp_dir.h"

namespace segue::test {

// Small enough for every sanitizer and every disk.
inline oplog::LmdbLog::Options small_map() {
  oplog::LmdbLog::Options options;
  options.map_bytes = std::size_t{1} << 30;
  options.free_bytes_min = 0;
  return options;
}

class StoredLog {
 public:
  explicit StoredLog(const oplog::LmdbLog::Options& options = small_map(),
                     const std::filesystem::path& parent = std::filesystem::temp_directory_path())
      : directory_(parent) {
    open(options);
  }

  oplog::LmdbLog& log() { return *log_; }
  std::string directory() const { return directory_.str("log"); }

  void close() { log_.reset(); }
  void open(const oplog::LmdbLog::Options& options = small_map()) {
    auto opened = oplog::LmdbLog::open(directory(), options);
    if (!opened) {
      throw std::runtime_error(opened.error().detail);
    }
    log_ = std::move(*opened);
  }
  void reopen() {
    close();
    open();
  }

 private:
  TempDir directory_;
  std::unique_ptr<oplog::LmdbLog> log_;
};

}  // namespace segue::test
