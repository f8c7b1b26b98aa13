// DirLock: whoever holds it is the one writer of a data directory. An flock on DIR/LOCK, so it is
// free when its process has ended, however that came.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "ot/result.h"

namespace segue::oplog {

class DirLock {
 public:
  // Errors: log_locked, naming the pid of the holder; log_io, the directory is not writable.
  static ot::Result<std::unique_ptr<DirLock>> take(const std::string& directory);
  // The pid of the process that holds it, if there is one that this process can see. Does not
  // touch the lock, so that nobody who takes it meanwhile is turned away.
  static std::optional<std::string> holder(const std::string& directory);
  DirLock(const DirLock&) = delete;
  DirLock& operator=(const DirLock&) = delete;
  ~DirLock();

 private:
  explicit DirLock(int file) : file_(file) {}
  int file_;
};

}  // namespace segue::oplog
