#include "server/query/path.h"

#include <charconv>
#include <cstddef>
#include <optional>
#include <utility>

namespace segue::query {

using ot::Json;

namespace {

constexpr std::size_t keys_max = 32;

// The element that a key names by its index.
const Json* element(const Json& list, std::string_view key) {
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), index);
  const bool is_index = error == std::errc() && end == key.data() + key.size();
  return is_index && index < list.size() ? &list[index] : nullptr;
}

struct Walk {
  const std::vector<std::string>& keys;
  ot::FunctionRef<bool(const Json*)> visit;
  bool found = false;

  bool at(const Json& value, std::size_t depth) {
    if (depth == keys.size()) {
      found = true;
      return visit(&value);
    }
    if (value.is_object()) {
      const Json* child = value.find(keys[depth]);
      return child != nullptr && at(*child, depth + 1);
    }
    return value.is_array() && at_list(value, depth);
  }

  bool at_list(const Json& list, std::size_t depth) {
    if (const Json* child = element(list, keys[depth]); child != nullptr && at(*child, depth + 1)) {
      return true;
    }
    bool stopped = false;
    list.for_each_element(
        [&](const Json& child) { stopped = stopped || (child.is_object() && at(child, depth)); });
    return stopped;
  }
};

}  // namespace

ot::Result<Path> Path::parse(std::string_view text) {
  Path path;
  std::size_t start = 0;
  while (start <= text.size()) {
    const std::size_t dot = std::min(text.find('.', start), text.size());
    path.keys_.emplace_back(text.substr(start, dot - start));
    start = dot + 1;
    if (path.keys_.back().empty() || path.keys_.size() > keys_max) {
      return ot::fail(ot::Errc::bad_query, "Bad field: " + std::string(text));
    }
  }
  return path;
}

const Json* Path::find(const Json& data) const {
  const Json* at = &data;
  for (const std::string& key : keys_) {
    at = at->is_array() ? element(*at, key) : at->find(key);
    if (at == nullptr) {
      return nullptr;
    }
  }
  return at;
}

bool Path::any(const Json& data, ot::FunctionRef<bool(const Json*)> visit) const {
  Walk walk{keys_, visit};
  return walk.at(data, 0) || (!walk.found && visit(nullptr));
}

}  // namespace segue::query
