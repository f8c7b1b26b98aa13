#include "oplog/dir_lock.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <sstream>
#include <string_view>
#include <system_error>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace segue::oplog {
namespace {

using ot::Errc;
using ot::Result;

// Written right after the lock is taken, so it may be missing for an instant.
std::string pid_in(int file) {
  std::array<char, 24> text{};
  const ssize_t length = ::pread(file, text.data(), text.size(), 0);
  const std::string_view line(text.data(), length > 0 ? static_cast<std::size_t>(length) : 0);
  return std::string(line.substr(0, line.find('\n')));
}

std::string holder_of(int file) {
  const std::string pid = pid_in(file);
  return pid.empty() ? "another process" : "process " + pid;
}

}  // namespace

Result<std::unique_ptr<DirLock>> DirLock::take(const std::string& directory) {
  const std::string path = directory + "/LOCK";
  const auto failed = [&] {
    return ot::fail(Errc::log_io,
                    "cannot write to " + path + ": " + std::generic_category().message(errno));
  };
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) {
    return failed();
  }
  std::unique_ptr<DirLock> lock(new DirLock(file));
  if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) {
      return failed();
    }
    return ot::fail(Errc::log_locked, directory + " is being written by " + holder_of(file));
  }
  // Only people read it: where the disk has no room for it the log is opened all the same.
  const std::string pid = std::to_string(::getpid()) + '\n';
  const ssize_t written = ::pwrite(file, pid.data(), pid.size(), 0);
  const bool is_full = written < 0 && (errno == ENOSPC || errno == EDQUOT);
  if (!is_full && written != static_cast<ssize_t>(pid.size())) {
    return failed();
  }
  if (::ftruncate(file, std::max<off_t>(written, 0)) != 0) {
    return failed();
  }
  return lock;
}

std::optional<std::string> DirLock::holder(const std::string& directory) {
  std::ifstream file(directory + "/LOCK");
  std::string pid;
  std::getline(file, pid);
  std::ifstream locks("/proc/locks");
  // "1: FLOCK  ADVISORY  WRITE 1234 fe:00:5678 0 EOF"; the pid in LOCK may be that of long ago.
  for (std::string line; !pid.empty() && std::getline(locks, line);) {
    std::istringstream words(line);
    std::string number;
    std::string kind;
    std::string mode;
    std::string access;
    std::string holder;
    words >> number >> kind >> mode >> access >> holder;
    if (kind == "FLOCK" && access == "WRITE" && holder == pid) {
      return pid;
    }
  }
  return std::nullopt;
}

DirLock::~DirLock() { ::close(file_); }

}  // namespace segue::oplog
