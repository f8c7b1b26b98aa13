// Projections: the projections that one server offers, by name.
//
// Threads: any. What was added stays, at its place, for as long as this lives.
#pragma once

#include <atomic>
#include <map>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <utility>

#include "ot/projection.h"

namespace segue::server {

class Projections {
 public:
  // Null if no projection has this name.
  const ot::Projection* find(std::string_view name) const {
    if (!any_) {
      return nullptr;
    }
    const std::shared_lock lock(mutex_);
    const auto found = by_name_.find(name);
    return found == by_name_.end() ? nullptr : &found->second;
  }

  // Changes nothing if there is one of this name.
  void add(ot::Projection projection) {
    const std::unique_lock lock(mutex_);
    std::string name = projection.name;
    by_name_.emplace(std::move(name), std::move(projection));
    any_ = true;
  }

 private:
  std::atomic<bool> any_{false};
  mutable std::shared_mutex mutex_;
  std::map<std::string, ot::Projection, std::less<>> by_name_;
};

}  // namespace segue::server
