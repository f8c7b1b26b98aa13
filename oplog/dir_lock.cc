#include "oplog/dir_lock.h"

#include <array>
#include <cerrno>
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
std::string holder_of(int file) {
  std::array<char, 24> text{};
  const ssize_t length = ::pread(file, text.data(), text.size(), 0);
  const std::string_view line(text.data(), length > 0 ? static_cast<std::size_t>(length) : 0);
  const std::string_view pid = line.substr(0, line.find('\n'));
  return pid.empty() ? "another process" : "process " + std::string(pid);
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
  const std::string pid = std::to_string(::getpid()) + '\n';
  if (::ftruncate(file, 0) != 0 ||
      ::pwrite(file, pid.data(), pid.size(), 0) != static_cast<ssize_t>(pid.size())) {
    return failed();
  }
  return lock;
}

DirLock::~DirLock() { ::close(file_); }

}  // namespace segue::oplog
