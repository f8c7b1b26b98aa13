// Filter: another implementation of the types, as a child process that speaks the conformance
// protocol (spec/conformance.md).
//
// While there is one, writing to a pipe that nobody reads is an error instead of the end of this
// process.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

#include "ot/json.h"

namespace segue::server {

class Filter {
 public:
  // Starts a command of the shell. Throws std::runtime_error where that fails.
  Filter(std::string command, std::chrono::milliseconds patience);
  Filter(const Filter&) = delete;
  Filter& operator=(const Filter&) = delete;
  // Closes its input; kills it and what it started if it does not end by itself soon.
  ~Filter();

  // Replies to requests, in the order of the requests. Where the filter ends, or is silent for
  // longer than the patience, it is started anew, and {"none": why} stands for each reply that is
  // missing. Throws std::runtime_error, which names the first request without a reply, where that
  // happens before the first reply of all or costs too much time in sum, or what it says is no
  // reply.
  std::vector<ot::Json> ask(const std::vector<ot::Json>& requests);

 private:
  struct Gone;

  void start();
  void stop();
  void exchange_all(const std::vector<ot::Json>& requests);
  void exchange();
  void write_some();
  void read_some();
  void receive(const std::string& line);
  [[noreturn]] void give_up(const std::string& why);
  [[noreturn]] void end(const std::string& why);
  std::string ended();

  std::string command_;
  std::chrono::milliseconds patience_;
  std::chrono::steady_clock::duration lost_{};  // in requests that ended or silenced it
  bool has_answered_ = false;
  pid_t pid_ = -1;
  int input_ = -1;   // its standard input
  int output_ = -1;  // its standard output
  std::string unsent_;
  std::string unread_;  // the start of a line
  std::size_t next_id_ = 0;
  std::map<std::size_t, ot::Json> unanswered_;  // by id
  std::map<std::size_t, ot::Json> replies_;
};

}  // namespace segue::server
