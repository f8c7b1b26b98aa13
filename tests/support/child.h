// Child: a forked process that runs a function and stays until it is told to go on or is killed.
#pragma once

#include <functional>
#include <stdexcept>
#include <string>

#include <signal.h>  // NOLINT(modernize-deprecated-headers): kill is POSIX.
#include <sys/wait.h>
#include <unistd.h>

namespace segue::test {

class Child {
 public:
  // The child's end: tells the parent that it got this far, and waits for go_on().
  class Meeting {
   public:
    Meeting(int out, int in) : out_(out), in_(in) {}
    void wait() const {
      char byte = '.';
      if (::write(out_, &byte, 1) != 1 || ::read(in_, &byte, 1) != 1) {
        ::_exit(1);
      }
    }

   private:
    int out_;
    int in_;
  };

  // REQUIRES: this process has one thread.
  explicit Child(const std::function<void(const Meeting&)>& run) {
    int to_parent[2];
    int to_child[2];
    if (::pipe(to_parent) != 0 || ::pipe(to_child) != 0) {
      throw std::runtime_error("no pipe");
    }
    pid_ = ::fork();
    if (pid_ == 0) {
      ::close(to_parent[0]);
      ::close(to_child[1]);
      run(Meeting(to_parent[1], to_child[0]));
      ::_exit(0);
    }
    ::close(to_parent[1]);
    ::close(to_child[0]);
    in_ = to_parent[0];
    out_ = to_child[1];
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    kill();
    ::close(in_);
    ::close(out_);
  }

  std::string pid() const { return std::to_string(pid_); }
  // Returns when the child has reached its next Meeting::wait(); false if it has ended.
  bool meet() const {
    char byte = 0;
    return ::read(in_, &byte, 1) == 1;
  }
  void go_on() const {
    if (::write(out_, ".", 1) != 1) {
      throw std::runtime_error("the child is gone");
    }
  }
  void kill() {
    if (pid_ > 0) {
      ::kill(pid_, SIGKILL);
      ::waitpid(pid_, nullptr, 0);
      pid_ = 0;
    }
  }

 private:
  pid_t pid_ = 0;
  int in_ = -1;
  int out_ = -1;
};

}  // namespace segue::test
