#include "server/http/conditions.h"

#include <charconv>

namespace segue::server {

namespace {

constexpr std::uint64_t integer_max = (std::uint64_t{1} << 53) - 1;

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t");
  if (begin == text.npos) {
    return {};
  }
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

// The text between the quotes of the next tag, taken off `rest` along with the comma after it.
std::optional<std::string_view> take_tag(std::string_view& rest) {
  rest = trimmed(rest);
  if (rest.starts_with("W/")) {
    rest.remove_prefix(2);
  }
  const std::size_t end = rest.starts_with('"') ? rest.find('"', 1) : rest.npos;
  if (end == rest.npos) {
    return std::nullopt;
  }
  const std::string_view tag = rest.substr(1, end - 1);
  rest = trimmed(rest.substr(end + 1));
  if (!rest.empty()) {
    if (rest.front() != ',' || rest.size() == 1) {
      return std::nullopt;
    }
    rest.remove_prefix(1);
  }
  return tag;
}

}  // namespace

std::string etag(ot::Version version) { return '"' + std::to_string(version.value) + '"'; }

std::optional<std::uint64_t> parse_integer(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  return whole && value <= integer_max ? std::optional(value) : std::nullopt;
}

std::optional<VersionTags> parse_tags(std::string_view header) {
  VersionTags tags;
  header = trimmed(header);
  if (header == "*") {
    tags.any = true;
    return tags;
  }
  do {
    const auto tag = take_tag(header);
    if (!tag) {
      return std::nullopt;
    }
    if (const auto version = parse_integer(*tag)) {
      tags.versions.push_back({*version});
    } else {
      tags.foreign = true;
    }
  } while (!header.empty());
  return tags;
}

}  // namespace segue::server
