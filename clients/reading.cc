#include "clients/reading.h"

namespace segue::client {

std::optional<std::uint64_t> whole_number(const ot::Json* value) {
  constexpr double end = 9007199254740992.0;  // 2^53
  if (value == nullptr || !value->is_number()) {
    return std::nullopt;
  }
  const double number = value->number();
  if (!(number >= 0 && number < end)) {
    return std::nullopt;
  }
  const auto whole = static_cast<std::uint64_t>(number);
  return static_cast<double>(whole) == number ? std::optional(whole) : std::nullopt;
}

std::string string_or_empty(const ot::Json* value) {
  return value != nullptr && value->is_string() ? value->str() : std::string();
}

}  // namespace segue::client
