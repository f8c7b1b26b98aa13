// FileTap: what this process does to a file, as the file's disk would see it, and faults in it.
//
// file_tap.cc defines pwrite, writev, fdatasync and fsync for the whole program that links it, so
// that LMDB's calls come by as well; without a tap they do what they always do.
//
// Threads: any may use the file meanwhile. One tap at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <mutex>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace segue::test {

struct FileWrite {
  std::uint64_t offset = 0;
  std::string bytes;
};
// What was written to [from, to) before is on disk.
struct FileSync {
  std::uint64_t from = 0;
  std::uint64_t to = std::numeric_limits<std::uint64_t>::max();
};
// Something that has been done. A write to a file that was opened with O_DSYNC is two: the write,
// then the sync of its range.
using FileEvent = std::variant<FileWrite, FileSync>;

enum class FileFault : std::uint8_t {
  no_space,     // ENOSPC, nothing is done
  io_error,     // EIO, nothing is done
  short_write,  // half of the bytes are written; a sync reports EIO instead
  late_error,   // all is done, and EIO reported: as when the sync within a write fails
};

class FileTap {
 public:
  // Watches the file, or every file in the directory and below. It need not exist yet.
  explicit FileTap(const std::string& path);
  FileTap(const FileTap&) = delete;
  FileTap& operator=(const FileTap&) = delete;
  ~FileTap();

  // The n-th call that writes or syncs (from 1), and it alone, fails.
  void fail(std::size_t n, FileFault fault);
  bool has_failed() const;
  // The call that failed was a write to a file opened with O_DSYNC, the last one of a commit.
  bool has_failed_at_commit() const;

  std::vector<FileEvent> events() const;
  std::size_t event_count() const;

  // For file_tap.cc: the fault of the call that begins now, and what was done in the end.
  bool watches(int descriptor) const;
  std::optional<FileFault> next_fault(bool at_commit);
  void on_event(FileEvent event);

 private:
  const std::string path_;
  mutable std::mutex mutex_;  // guards the rest
  std::vector<FileEvent> events_;
  std::size_t calls_ = 0;
  std::size_t failing_call_ = 0;
  FileFault fault_ = FileFault::io_error;
  bool failed_at_commit_ = false;
};

}  // namespace segue::test
