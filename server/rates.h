// How fast connections may send: each by itself, and all of one author or one address together.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "server/token_bucket.h"

namespace segue::server {

struct RateLimits {
  Rate messages;
  Rate bytes;
};

// Who shares a rate. Any thread.
class Payer {
 public:
  explicit Payer(const RateLimits& limits) : messages_(limits.messages), bytes_(limits.bytes) {}

  // Pays for one message, which stands; how long to wait before the next is read.
  std::chrono::milliseconds pay(std::size_t bytes, std::int64_t now_ms);
  bool is_rested(std::int64_t now_ms) const;

 private:
  mutable std::mutex mutex_;
  TokenBucket messages_;
  TokenBucket bytes_;
};

// The payers that several connections share, by name. Who comes back is who they were: a name is
// forgotten when it has rested and nobody holds it. Any thread.
class Payers {
 public:
  explicit Payers(const RateLimits& limits) : limits_(limits) {}

  std::shared_ptr<Payer> find(const std::string& name, std::int64_t now_ms);
  std::size_t size() const;

 private:
  void forget_rested(std::int64_t now_ms);

  RateLimits limits_;
  mutable std::mutex mutex_;
  std::unordered_map<std::string, std::shared_ptr<Payer>> by_name_;
  std::size_t forget_at_ = 1000;  // names
};

}  // namespace segue::server
