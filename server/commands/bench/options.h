// What `segue bench` was told.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "server/commands/bench/load.h"

namespace segue::bench {

struct Options {
  std::string url;         // of a running server; empty: one of our own for each run
  std::string token;       // shown to that server; empty: none
  std::string directory;   // for the logs of servers of our own, on the disk to be measured
  bool durable = false;    // servers of our own keep a log on that disk
  std::size_t repeat = 5;  // runs, of which the median is told
  bool as_json = false;
  Load load;
  std::size_t bytes = 10u << 20;    // doc-size
  std::size_t behind = 100'000;     // catchup
  std::size_t connections = 5'000;  // idle
  std::size_t queries = 1'000;      // live ones
  std::size_t queried = 100'000;    // documents they look at
  std::size_t followers = 10;       // connections that have them
  std::size_t guests = 200;         // soak
  double soak_s = 600;              // and how long
  int idle_timeout_s = 50;          // of its server
  std::size_t slow_readers = 100;   // slow-readers
  std::size_t megabytes = 100;      // that they do not read
  std::string trace;                // a recording
  std::string sharedb;              // the script that serves ShareDB
  std::string bare_server;          // the program that does the like with Beast alone
};

}  // namespace segue::bench
