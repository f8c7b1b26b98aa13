// cut_power DIR: ends the file system that DIR lies on as a power cut would. What was not synced is
// gone, and everything but unmounting fails from now on. ext4 and XFS can do it; needs root.

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace {

// EXT4_IOC_SHUTDOWN with EXT4_GOING_FLAGS_NOLOGFLUSH, which XFS knows by the same numbers under
// names of its own. No header that user programs may include has them for both.
constexpr unsigned long shutdown_request = _IOR('X', 125, std::uint32_t);
constexpr std::uint32_t without_flushing_the_journal = 2;

int fail(const char* directory) {
  const std::string reason = std::generic_category().message(errno);
  std::fprintf(stderr, "cut_power: %s: %s\n", directory, reason.c_str());
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: cut_power DIR\n");
    return 2;
  }
  const int directory = ::open(argv[1], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0) {
    return fail(argv[1]);
  }
  std::uint32_t how = without_flushing_the_journal;
  const int result = ::ioctl(directory, shutdown_request, &how);
  const int exit_code = result == 0 ? 0 : fail(argv[1]);
  ::close(directory);
  return exit_code;
}
