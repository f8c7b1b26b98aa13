// The target of a request: its path in segments, and its query. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace segue::server {

struct Target {
  std::vector<std::string> segments;  // decoded; a name may hold anything, a slash too
  std::vector<std::pair<std::string, std::string>> query;  // decoded

  // Null if there is none.
  const std::string* find(std::string_view parameter) const;
};

// Nothing where the target is not a path with an optional query, where a "%" is not followed by two
// digits, where it is not UTF-8 or holds control characters once it is decoded, where a segment is
// "." or "..", and where a parameter stands twice.
std::optional<Target> parse_target(std::string_view text);

}  // namespace segue::server
