#include "server/access/src_authors.h"

namespace segue::access {

std::optional<bool> SrcAuthors::is_author(const std::string& src, const std::string& author) {
  const std::lock_guard lock(mutex_);
  const std::string* known = find(src);
  return known == nullptr ? std::nullopt : std::optional(*known == author);
}

bool SrcAuthors::claim(const std::string& src, const std::string& author,
                       const std::optional<std::string>& logged) {
  const std::lock_guard lock(mutex_);
  if (const std::string* known = find(src)) {
    return *known == author;  // Another claim came first.
  }
  newest_.push_front({src, logged.value_or(author)});
  by_src_[src] = newest_.begin();
  if (newest_.size() > remembered_max_) {
    by_src_.erase(newest_.back().src);
    newest_.pop_back();
  }
  return newest_.front().author == author;
}

const std::string* SrcAuthors::find(const std::string& src) {
  const auto found = by_src_.find(src);
  if (found == by_src_.end()) {
    return nullptr;
  }
  newest_.splice(newest_.begin(), newest_, found->second);
  return &found->second->author;
}

}  // namespace segue::access
