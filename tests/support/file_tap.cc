#include "tests/support/file_tap.h"

#include <atomic>
#include <cerrno>
#include <filesystem>
#include <stdexcept>
#include <utility>

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/uio.h>
#include <unistd.h>

namespace segue::test {
namespace {

std::atomic<FileTap*> the_tap{nullptr};

// The tap, if it watches the file.
FileTap* tap_of(int descriptor) {
  FileTap* tap = the_tap.load();
  return tap != nullptr && tap->watches(descriptor) ? tap : nullptr;
}

// The C library's function of this name, or whatever comes between it and us.
template <class Function>
Function* next(const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

using Write = ssize_t(int, const void*, size_t, off_t);
using Sync = int(int);

template <class Value>
Value fail_with(int error) {
  errno = error;
  return Value{-1};
}

// pwrite() as seen by the tap, through the next function of that name.
ssize_t tapped_write(FileTap& tap, int descriptor, std::string bytes, off_t offset) {
  static Write* const next_write = next<Write>("pwrite");
  const bool synced = (::fcntl(descriptor, F_GETFL) & O_DSYNC) != 0;
  const auto fault = tap.next_fault(synced);
  if (fault == FileFault::no_space) {
    return fail_with<ssize_t>(ENOSPC);
  }
  if (fault == FileFault::io_error) {
    return fail_with<ssize_t>(EIO);
  }
  if (fault == FileFault::short_write) {
    bytes.resize(bytes.size() / 2);
  }
  const ssize_t written = next_write(descriptor, bytes.data(), bytes.size(), offset);
  if (written <= 0) {
    return written;
  }
  bytes.resize(static_cast<std::size_t>(written));
  const auto from = static_cast<std::uint64_t>(offset);
  const FileSync range{from, from + bytes.size()};
  tap.on_event(FileWrite{from, std::move(bytes)});
  if (fault == FileFault::late_error) {
    return fail_with<ssize_t>(EIO);
  }
  if (synced) {
    tap.on_event(range);
  }
  return written;
}

int tapped_sync(FileTap& tap, int descriptor, Sync* next_sync) {
  const auto fault = tap.next_fault(false);
  if (fault == FileFault::no_space) {
    return fail_with<int>(ENOSPC);
  }
  if (fault == FileFault::io_error || fault == FileFault::short_write) {
    return fail_with<int>(EIO);
  }
  const int result = next_sync(descriptor);
  if (result == 0) {
    tap.on_event(FileSync{});
  }
  return fault == FileFault::late_error ? fail_with<int>(EIO) : result;
}

}  // namespace

FileTap::FileTap(const std::string& path)
    : path_(std::filesystem::weakly_canonical(path).string()) {
  if (the_tap.exchange(this) != nullptr) {
    throw std::logic_error("one tap at a time");
  }
}

FileTap::~FileTap() { the_tap.store(nullptr); }

void FileTap::fail(std::size_t n, FileFault fault) {
  const std::lock_guard lock(mutex_);
  failing_call_ = n;
  fault_ = fault;
}

bool FileTap::has_failed() const {
  const std::lock_guard lock(mutex_);
  return failing_call_ != 0 && calls_ >= failing_call_;
}

bool FileTap::has_failed_at_commit() const {
  const std::lock_guard lock(mutex_);
  return failed_at_commit_;
}

std::vector<FileEvent> FileTap::events() const {
  const std::lock_guard lock(mutex_);
  return events_;
}

std::size_t FileTap::event_count() const {
  const std::lock_guard lock(mutex_);
  return events_.size();
}

bool FileTap::watches(int descriptor) const {
  std::error_code error;
  const std::string name =
      std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(descriptor), error).string();
  return name == path_ || name.starts_with(path_ + "/");
}

std::optional<FileFault> FileTap::next_fault(bool at_commit) {
  const std::lock_guard lock(mutex_);
  if (++calls_ != failing_call_) {
    return std::nullopt;
  }
  failed_at_commit_ = at_commit;
  return fault_;
}

void FileTap::on_event(FileEvent event) {
  const std::lock_guard lock(mutex_);
  events_.push_back(std::move(event));
}

}  // namespace segue::test

using segue::test::FileTap;

// In place of the C library's. What the dynamic linker finds in the program itself is what every
// library calls.
extern "C" {

ssize_t pwrite(int descriptor, const void* bytes, size_t size, off_t offset) {
  static auto* const next_write = segue::test::next<segue::test::Write>("pwrite");
  FileTap* const tap = segue::test::tap_of(descriptor);
  return tap != nullptr ? segue::test::tapped_write(*tap, descriptor,
                                                    {static_cast<const char*>(bytes), size}, offset)
                        : next_write(descriptor, bytes, size, offset);
}

// LMDB writes neighbouring pages with one lseek() and one writev().
ssize_t writev(int descriptor, const iovec* parts, int count) {
  static auto* const next_writev = segue::test::next<ssize_t(int, const iovec*, int)>("writev");
  FileTap* const tap = segue::test::tap_of(descriptor);
  if (tap == nullptr) {
    return next_writev(descriptor, parts, count);
  }
  std::string bytes;
  for (int i = 0; i < count; ++i) {
    bytes.append(static_cast<const char*>(parts[i].iov_base), parts[i].iov_len);
  }
  const off_t offset = ::lseek(descriptor, 0, SEEK_CUR);
  const ssize_t written = segue::test::tapped_write(*tap, descriptor, std::move(bytes), offset);
  if (written > 0) {
    ::lseek(descriptor, written, SEEK_CUR);
  }
  return written;
}

int fdatasync(int descriptor) {
  static auto* const next_sync = segue::test::next<segue::test::Sync>("fdatasync");
  FileTap* const tap = segue::test::tap_of(descriptor);
  return tap != nullptr ? segue::test::tapped_sync(*tap, descriptor, next_sync)
                        : next_sync(descriptor);
}

int fsync(int descriptor) {
  static auto* const next_sync = segue::test::next<segue::test::Sync>("fsync");
  FileTap* const tap = segue::test::tap_of(descriptor);
  return tap != nullptr ? segue::test::tapped_sync(*tap, descriptor, next_sync)
                        : next_sync(descriptor);
}

}  // extern "C"
