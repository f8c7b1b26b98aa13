#include "ot/types/json0_walk.h"

#include <algorithm>
#include <variant>

namespace segue::ot::json0_parts {
namespace {

// Most documents are no deeper.
constexpr std::size_t steps_usual = 6;

bool is_same(const PathElement& a, const PathElement& b) {
  const auto* index = std::get_if<Index>(&a);
  const auto* other = std::get_if<Index>(&b);
  if (index != nullptr || other != nullptr) return index && other && *index == *other;
  return std::get<std::string>(a) == std::get<std::string>(b);
}

}  // namespace

Json* Walk::to(PathView path) {
  const std::size_t common_max = std::min(steps_.size(), path.size());
  std::size_t common = 0;
  while (common < common_max && is_same(path_[common], path[common])) ++common;
  up_to(common);
  path_ = path;
  while (steps_.size() < path.size()) {
    if (!down(path[steps_.size()])) return nullptr;
  }
  return &here();
}

Json& Walk::root() {
  up_to(0);
  return doc_;
}

bool Walk::down(const PathElement& element) {
  if (steps_.capacity() == 0) steps_.reserve(steps_usual);
  Json& parent = here();
  if (parent.is_array()) {
    const auto index = index_of(element);
    if (!index || *index < 0) return false;
    steps_.emplace_back(parent, static_cast<std::size_t>(*index));
  } else {
    const auto* key = std::get_if<std::string>(&element);
    if (key == nullptr) return false;
    steps_.emplace_back(parent, *key);
  }
  if (steps_.back()) return true;
  steps_.pop_back();
  return false;
}

void Walk::up_to(std::size_t depth) {
  while (steps_.size() > depth) steps_.pop_back();
}

}  // namespace segue::ot::json0_parts
