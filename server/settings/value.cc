#include "server/settings/value.h"

#include <array>
#include <charconv>
#include <limits>
#include <sstream>

namespace segue::server {

namespace {

constexpr std::string_view units = "KMGT";  // each 1024 of the one before
constexpr std::string_view name_letters = "abcdefghijklmnopqrstuvwxyz0123456789.-_+";

char upper(char letter) {
  return letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
}

// How often 1024 is meant by "", "B", "K", "kb", "KiB", "M" and so on.
std::optional<unsigned> power_of(std::string_view unit) {
  if (unit.empty() || unit == "B") {
    return 0;
  }
  const std::size_t at = units.find(upper(unit.front()));
  unit.remove_prefix(1);
  const bool is_plain = unit.empty() || unit == "B" || unit == "b" || unit == "iB" || unit == "ib";
  if (at == std::string_view::npos || !is_plain) {
    return std::nullopt;
  }
  return static_cast<unsigned>(at) + 1;
}

}  // namespace

std::optional<bool> parse_flag(std::string_view text) {
  if (text == "true") {
    return true;
  }
  return text == "false" ? std::optional(false) : std::nullopt;
}

std::optional<std::uint64_t> parse_number(std::string_view text) {
  std::uint64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  return error == std::errc() && rest == end ? std::optional(number) : std::nullopt;
}

std::optional<std::uint64_t> parse_size(std::string_view text) {
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto number = parse_number(text.substr(0, digits));
  const auto power = power_of(text.substr(digits));
  if (!number || !power || *number > std::numeric_limits<std::uint64_t>::max() >> (*power * 10)) {
    return std::nullopt;
  }
  return *number << (*power * 10);
}

std::string print_size(std::uint64_t bytes) {
  std::size_t unit = 0;
  while (bytes != 0 && bytes % 1024 == 0 && unit < units.size()) {
    bytes /= 1024;
    ++unit;
  }
  return std::to_string(bytes) + (unit == 0 ? std::string() : std::string(1, units[unit - 1]));
}

bool is_origin(std::string_view text) {
  const std::size_t scheme_end = std::min(text.find("://"), text.size());
  const std::string_view scheme = text.substr(0, scheme_end);
  std::string_view host = text.substr(std::min(scheme_end + 3, text.size()));
  if (const std::size_t colon = host.rfind(':'); colon != host.npos && !host.ends_with(']')) {
    const auto port = parse_number(host.substr(colon + 1));
    const bool is_usual = (scheme == "http" && port == 80) || (scheme == "https" && port == 443);
    if (!port || *port > 65'535 || is_usual) {
      return false;
    }
    host = host.substr(0, colon);
  }
  const std::string_view host_letters =
      host.starts_with('[') ? "0123456789abcdef:[]" : name_letters;
  return !scheme.empty() && scheme.find_first_not_of(name_letters) == scheme.npos &&
         !host.empty() && host.find_first_not_of(host_letters) == host.npos;
}

std::optional<ot::Projection> parse_projection(const std::string& text) {
  const std::size_t equals = text.find('=');
  const std::size_t colon = text.rfind(':');
  if (equals == std::string::npos || colon == std::string::npos || colon < equals) {
    return std::nullopt;
  }
  ot::Projection projection{
      text.substr(0, equals), text.substr(equals + 1, colon - equals - 1), {}};
  std::istringstream fields(text.substr(colon + 1));
  for (std::string field; std::getline(fields, field, ',');) {
    projection.fields.insert(field);
  }
  const bool is_whole = !projection.name.empty() && !projection.collection.empty() &&
                        !projection.fields.empty() && !projection.fields.contains("");
  return is_whole ? std::optional(std::move(projection)) : std::nullopt;
}

}  // namespace segue::server
