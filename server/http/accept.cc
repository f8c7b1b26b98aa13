#include "server/http/accept.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include <boost/beast/core/string.hpp>

namespace segue::server {

namespace {

using boost::beast::iequals;

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blank = " \t";
  const std::size_t begin = std::min(text.find_first_not_of(blank), text.size());
  return text.substr(begin, text.find_last_not_of(blank) + 1 - begin);
}

// What stands before the first `separator`; the rest stays in `text`.
std::string_view take(std::string_view& text, char separator) {
  const std::size_t end = std::min(text.find(separator), text.size());
  const std::string_view part = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return trimmed(part);
}

int quality(std::string_view parameters) {
  while (!parameters.empty()) {
    const std::string_view parameter = take(parameters, ';');
    if (!parameter.starts_with("q=") && !parameter.starts_with("Q=")) {
      continue;
    }
    double value = 1;
    const auto [end, error] =
        std::from_chars(parameter.data() + 2, parameter.data() + parameter.size(), value);
    const bool is_quality = error == std::errc() && value >= 0 && value <= 1;
    return is_quality ? static_cast<int>(value * 1000) : 1000;
  }
  return 1000;
}

// How well a range fits: 3 as the type itself, 0 not at all.
int fit(std::string_view range, std::string_view type) {
  const std::string_view family = type.substr(0, type.find('/') + 1);
  if (iequals(range, type)) {
    return 3;
  }
  if (range.ends_with("/*") && iequals(range.substr(0, range.size() - 1), family)) {
    return 2;
  }
  return range == "*/*" ? 1 : 0;
}

}  // namespace

Acceptance acceptance_of(std::string_view type, std::string_view accept) {
  if (trimmed(accept).empty()) {
    return {1000, false};
  }
  std::pair best{0, 0};  // how well it fits, how much it is wanted
  while (!accept.empty()) {
    std::string_view range = take(accept, ',');
    const int fits = fit(take(range, ';'), type);
    best = std::max(best, {fits, fits > 0 ? quality(range) : 0});
  }
  return {best.second, best.first == 3};
}

}  // namespace segue::server
