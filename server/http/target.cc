#include "server/http/target.h"

#include <algorithm>

#include "ot/utf8.h"

namespace segue::server {

namespace {

std::optional<int> digit(char c) {
  if (c >= '0' && c <= '9') {
    return c - '0';
  }
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? std::optional(lower - 'a' + 10) : std::nullopt;
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

std::optional<std::string> decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    const auto high = i + 2 < text.size() ? digit(text[i + 1]) : std::nullopt;
    const auto low = high ? digit(text[i + 2]) : std::nullopt;
    if (!low) {
      return std::nullopt;
    }
    out += static_cast<char>(*high * 16 + *low);
    i += 2;
  }
  const bool clean = ot::is_utf8(out) && std::none_of(out.begin(), out.end(), is_control);
  return clean ? std::optional(out) : std::nullopt;
}

// The text before the next `separator`, which is taken off `rest`.
std::string_view take_until(char separator, std::string_view& rest) {
  const std::size_t end = std::min(rest.find(separator), rest.size());
  const std::string_view part = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return part;
}

bool parse_path(std::string_view path, Target& target) {
  path.remove_prefix(1);
  while (true) {
    const bool last = path.find('/') == path.npos;
    const std::string_view raw = take_until('/', path);
    auto segment = decoded(raw);
    if (!segment || raw == "." || raw == "..") {
      return false;
    }
    target.segments.push_back(std::move(*segment));
    if (last) {
      return true;
    }
  }
}

bool parse_query(std::string_view query, Target& target) {
  while (!query.empty()) {
    std::string part(take_until('&', query));
    std::replace(part.begin(), part.end(), '+', ' ');
    std::string_view value = part;
    auto name = decoded(take_until('=', value));
    auto text = decoded(value);
    if (!name || !text || target.find(*name) != nullptr) {
      return false;
    }
    target.query.emplace_back(std::move(*name), std::move(*text));
  }
  return true;
}

}  // namespace

const std::string* Target::find(std::string_view parameter) const {
  for (const auto& [name, value] : query) {
    if (name == parameter) {
      return &value;
    }
  }
  return nullptr;
}

std::optional<Target> parse_target(std::string_view text) {
  if (text.empty() || text.front() != '/' || text.find('#') != text.npos) {
    return std::nullopt;
  }
  Target target;
  const std::string_view path = take_until('?', text);
  if (!parse_path(path, target) || !parse_query(text, target)) {
    return std::nullopt;
  }
  return target;
}

}  // namespace segue::server
