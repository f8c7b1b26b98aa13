#include "server/commands/bench/process.h"

#include <chrono>
#include <csignal>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <thread>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace segue::bench {

namespace {

constexpr int stop_polls_max = 1'000;  // of 10 ms
constexpr std::chrono::milliseconds stop_poll{10};

std::string joined(const std::vector<std::string>& command) {
  std::string all;
  for (const std::string& part : command) {
    all += (all.empty() ? "" : " ") + part;
  }
  return all;
}

// Runs in the child: what the program prints goes into the pipe, what it logs nowhere.
[[noreturn]] void become(const std::vector<std::string>& command, int output) {
  std::vector<char*> arguments;
  for (const std::string& part : command) {
    arguments.push_back(const_cast<char*>(part.c_str()));  // NOLINT: execvp does not write to them
  }
  arguments.push_back(nullptr);
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  const int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  ::dup2(null, STDIN_FILENO);
  ::dup2(output, STDOUT_FILENO);
  ::dup2(null, STDERR_FILENO);
  ::execvp(arguments[0], arguments.data());
  ::_exit(127);
}

}  // namespace

Process::Process(const std::vector<std::string>& command) {
  int pipe[2] = {-1, -1};
  if (::pipe2(pipe, O_CLOEXEC) != 0) {
    throw std::runtime_error("no pipe for a server");
  }
  pid_ = ::fork();
  if (pid_ < 0) {
    ::close(pipe[0]);
    ::close(pipe[1]);
    throw std::runtime_error("no process for a server");
  }
  if (pid_ == 0) {
    become(command, pipe[1]);
  }
  ::close(pipe[1]);
  wait_for_url(pipe[0], joined(command));
}

// Its output ends with it, so this waits no longer than the program lives.
void Process::wait_for_url(int output, const std::string& command) {
  const std::string announced = "listening on ";
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(::fdopen(output, "r"), &std::fclose);
  char line[1024];
  while (std::fgets(line, sizeof line, file.get()) != nullptr) {
    const std::string text(line);
    if (const auto at = text.find(announced); at != std::string::npos) {
      const auto begin = at + announced.size();
      url_ = text.substr(begin, text.find_last_not_of(" \r\n") + 1 - begin);
      return;
    }
  }
  ::waitpid(pid_, nullptr, 0);
  throw std::runtime_error("the server ended before it listened; to see why, run: " + command);
}

Process::~Process() {
  ::kill(pid_, SIGTERM);
  for (int i = 0; i < stop_polls_max; ++i) {
    if (::waitpid(pid_, nullptr, WNOHANG) == pid_) {
      return;
    }
    std::this_thread::sleep_for(stop_poll);
  }
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

double Process::cpu_us() const {
  std::ifstream file("/proc/" + std::to_string(pid_) + "/stat");
  std::string text;
  std::getline(file, text);
  // The name, in brackets, may hold anything; from the state on there are numbers.
  std::istringstream fields(text.substr(text.rfind(')') + 1));
  std::string skipped;
  for (int i = 0; i < 11; ++i) {
    fields >> skipped;
  }
  double user = 0;
  double system = 0;
  fields >> user >> system;
  return (user + system) * 1e6 / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

std::size_t Process::resident_bytes() const {
  std::ifstream file("/proc/" + std::to_string(pid_) + "/smaps_rollup");
  const std::string wanted = "Private_Dirty:";
  for (std::string line; std::getline(file, line);) {
    if (line.rfind(wanted, 0) == 0) {
      return std::stoull(line.substr(wanted.size())) * 1024;
    }
  }
  throw std::runtime_error("the kernel does not tell the server's memory");
}

std::size_t Process::descriptors() const {
  const std::filesystem::directory_iterator open("/proc/" + std::to_string(pid_) + "/fd");
  return static_cast<std::size_t>(std::distance(begin(open), end(open)));
}

double own_cpu_us() {
  timespec now{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

}  // namespace segue::bench
