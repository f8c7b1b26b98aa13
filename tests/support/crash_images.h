// Crash images: a log is run over a disk that could lose power after any step. Every state that the
// disk could then be left in is opened as a restart would open it, and compared with what had been
// acknowledged by then.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace segue::test {

struct CrashOptions {
  std::uint64_t seed = 1;    // of what is written, and of which blocks survive
  std::size_t images = 400;  // at least so many
  int commits = 16;
  // This call to the file, if any, is done but reported as failed; then the log is opened anew.
  std::size_t failing_call = 0;
};

struct CrashReport {
  std::size_t images = 0;
  std::optional<std::string> violation;  // the first one; begins with the guarantee, "G1 ..."
};

// REQUIRES: this process has one thread; the images are opened in a child, since a store that is
// corrupt may end the process from within LMDB.
CrashReport check_crash_images(const CrashOptions& options);

}  // namespace segue::test
