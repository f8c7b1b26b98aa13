// Starting the servers that are measured: this program's own, and ShareDB.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "server/commands/bench/disk.h"
#include "server/commands/bench/options.h"
#include "server/commands/bench/process.h"

namespace segue::bench {

// A server for one run, with its log on disk if it has one; gone with the object.
class TestServer {
 public:
  // A fresh one of our own, or the one that is named by --url.
  static TestServer segue(const Options& options, bool durable);
  // A fresh one with its log on disk, and these options besides.
  static TestServer segue_on_disk(const Options& options,
                                  const std::vector<std::string>& more = {});
  static TestServer program(const std::vector<std::string>& command);

  Target target() const { return {url_, process_.get(), token_}; }

 private:
  std::unique_ptr<ScratchDir> data_;
  std::unique_ptr<Process> process_;  // after its data: it ends first
  std::string url_;
  std::string token_;
};

}  // namespace segue::bench
