#include "server/rates.h"

#include <algorithm>

namespace segue::server {

std::chrono::milliseconds Payer::pay(std::size_t bytes, std::int64_t now_ms) {
  const std::lock_guard lock(mutex_);
  return std::max(messages_.take(1, now_ms), bytes_.take(static_cast<double>(bytes), now_ms));
}

bool Payer::is_rested(std::int64_t now_ms) const {
  const std::lock_guard lock(mutex_);
  return messages_.is_full(now_ms) && bytes_.is_full(now_ms);
}

std::shared_ptr<Payer> Payers::find(const std::string& name, std::int64_t now_ms) {
  const std::lock_guard lock(mutex_);
  if (by_name_.size() >= forget_at_) {
    forget_rested(now_ms);
  }
  std::shared_ptr<Payer>& payer = by_name_[name];
  if (payer == nullptr) {
    payer = std::make_shared<Payer>(limits_);
  }
  return payer;
}

std::size_t Payers::size() const {
  const std::lock_guard lock(mutex_);
  return by_name_.size();
}

// Rarely, so that it costs little for each name.
void Payers::forget_rested(std::int64_t now_ms) {
  std::erase_if(by_name_, [&](const auto& entry) {
    return entry.second.use_count() == 1 && entry.second->is_rested(now_ms);
  });
  forget_at_ = std::max<std::size_t>(1000, 2 * by_name_.size());
}

}  // namespace segue::server
