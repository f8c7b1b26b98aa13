// Preloaded into a server under test: makes the disk slow or broken, and writes down when each sync
// was done.
//
// SLOW_SYNC_MS   how long a sync takes, at least
// SLOW_SYNC_LOG  the file that gets a line "<begin> <end>" per completed sync: nanoseconds of
//                CLOCK_MONOTONIC, the clock of Node's process.hrtime()
// SLOW_SYNC_FAIL while a file of this name exists, fsync and fdatasync fail with EIO
//
// A sync is fsync, fdatasync, msync with MS_SYNC, or a pwrite to a file that was opened with
// O_DSYNC.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

static long long now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000000000LL + now.tv_nsec;
}

// Waits, and logs a sync that began at `begin`. One write with O_APPEND, so that lines stay whole.
static void finish_sync(long long begin) {
  const int saved_errno = errno;
  const char* delay = getenv("SLOW_SYNC_MS");
  const char* path = getenv("SLOW_SYNC_LOG");
  const long delay_ms = delay ? atol(delay) : 0;
  struct timespec left = {delay_ms / 1000, delay_ms % 1000 * 1000000L};
  while (nanosleep(&left, &left) == -1 && errno == EINTR) {
  }
  const int log = path ? open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644) : -1;
  if (log >= 0) {
    char line[64];
    const int length = snprintf(line, sizeof line, "%lld %lld\n", begin, now_ns());
    if (write(log, line, (size_t)length) != length) abort();
    close(log);
  }
  errno = saved_errno;
}

static int is_broken(void) {
  const char* path = getenv("SLOW_SYNC_FAIL");
  if (!path || access(path, F_OK) != 0) return 0;
  errno = EIO;
  return 1;
}

// Defines `next` as the function of this name that would have been called without us. The cast is
// the one that POSIX asks for.
#define NEXT(name)               \
  static __typeof__(&name) next; \
  if (!next) *(void**)&next = dlsym(RTLD_NEXT, #name)

int fsync(int fd) {
  NEXT(fsync);
  if (is_broken()) return -1;
  const long long begin = now_ns();
  const int result = next(fd);
  if (result == 0) finish_sync(begin);
  return result;
}

int fdatasync(int fd) {
  NEXT(fdatasync);
  if (is_broken()) return -1;
  const long long begin = now_ns();
  const int result = next(fd);
  if (result == 0) finish_sync(begin);
  return result;
}

int msync(void* address, size_t length, int flags) {
  NEXT(msync);
  const long long begin = now_ns();
  const int result = next(address, length, flags);
  if (result == 0 && (flags & MS_SYNC)) finish_sync(begin);
  return result;
}

ssize_t pwrite(int fd, const void* bytes, size_t size, off_t offset) {
  NEXT(pwrite);
  const long long begin = now_ns();
  const ssize_t result = next(fd, bytes, size, offset);
  if (result >= 0 && (fcntl(fd, F_GETFL) & O_DSYNC)) finish_sync(begin);
  return result;
}
