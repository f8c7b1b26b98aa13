// Process: a server under test as a child process, and what it costs.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <sys/types.h>

namespace segue::bench {

class Process {
 public:
  // Starts a program and waits until it prints "... listening on URL".
  // Throws std::runtime_error where it ends before that.
  explicit Process(const std::vector<std::string>& command);
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  // Ends it with SIGTERM, later with SIGKILL.
  ~Process();

  const std::string& url() const { return url_; }
  // Processor time of all its threads so far, in steps of the kernel's tick (10 ms).
  double cpu_us() const;
  // Memory of its own that is in use. Throws std::runtime_error where the kernel does not tell.
  std::size_t resident_bytes() const;
  // Open files and sockets.
  std::size_t descriptors() const;

 private:
  void wait_for_url(int output, const std::string& command);

  pid_t pid_ = 0;
  std::string url_;
};

// Processor time of this process so far.
double own_cpu_us();

}  // namespace segue::bench
