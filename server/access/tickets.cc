#include "server/access/tickets.h"

#include <utility>

namespace segue::access {

bool Tickets::issue(std::string name, std::shared_ptr<const Rights> rights, double now_s) {
  const std::lock_guard lock(mutex_);
  drop_expired(now_s);
  if (by_expiry_.size() >= out_max) {
    return false;
  }
  by_expiry_.emplace_back(now_s + valid_s, name);
  out_.insert_or_assign(std::move(name), std::move(rights));
  return true;
}

std::shared_ptr<const Rights> Tickets::redeem(const std::string& name, double now_s) {
  const std::lock_guard lock(mutex_);
  drop_expired(now_s);
  const auto found = out_.extract(name);
  return found.empty() ? nullptr : std::move(found.mapped());
}

void Tickets::drop_expired(double now_s) {
  while (!by_expiry_.empty() && by_expiry_.front().first <= now_s) {
    out_.erase(by_expiry_.front().second);
    by_expiry_.pop_front();
  }
}

}  // namespace segue::access
