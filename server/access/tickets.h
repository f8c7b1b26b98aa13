// Tickets: what stands for a token for a moment, where a token may not be: in the address of a
// WebSocket.
//
// Threads: any; one lock.
#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>

#include "server/access/rights.h"

namespace segue::access {

class Tickets {
 public:
  static constexpr double valid_s = 30;
  static constexpr std::size_t out_max = 10'000;

  // Gives out `name`, which nobody can guess. False if too many are out.
  bool issue(std::string name, std::shared_ptr<const Rights> rights, double now_s);
  // What the ticket was given out for, once; null if it is not valid.
  std::shared_ptr<const Rights> redeem(const std::string& name, double now_s);

 private:
  void drop_expired(double now_s);

  std::mutex mutex_;  // guards all below
  std::unordered_map<std::string, std::shared_ptr<const Rights>> out_;
  std::deque<std::pair<double, std::string>> by_expiry_;  // redeemed ones too
};

}  // namespace segue::access
