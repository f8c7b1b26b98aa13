// What the parsers of all types share: integers as JavaScript holds them, and how a fault is named.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "ot/json_view.h"
#include "ot/result.h"

namespace segue::ot {

// Bounds of every type's ops, as they are sent. One beyond them is refused with Errc::too_large.
inline constexpr std::size_t op_components_max = 10'000;
inline constexpr std::size_t op_path_length_max = 128;

// The largest integer that a double holds without a gap below it.
inline constexpr std::int64_t safe_integer_max = (std::int64_t{1} << 53) - 1;

// `value` as an integer of at most safe_integer_max either way, if it is one.
inline std::optional<std::int64_t> safe_integer(JsonView value) {
  if (!value.is_number()) return std::nullopt;
  const double number = value.number();
  if (std::abs(number) > static_cast<double>(safe_integer_max)) return std::nullopt;
  const auto integer = static_cast<std::int64_t>(number);
  return static_cast<double>(integer) == number ? std::optional(integer) : std::nullopt;
}

// The same for lengths and positions in text.
inline std::optional<std::size_t> safe_length(JsonView value) {
  const auto integer = safe_integer(value);
  if (!integer || *integer < 0) return std::nullopt;
  return static_cast<std::size_t>(*integer);
}

inline tl::unexpected<Error> fail_too_many(std::size_t components_max) {
  return fail(Errc::too_large,
              "an op has at most " + std::to_string(components_max) + " components");
}

// "component 3: a rule", for people.
inline tl::unexpected<Error> fail_at(std::size_t component, Errc code, std::string_view rule) {
  return fail(code, "component " + std::to_string(component) + ": " + std::string(rule));
}

}  // namespace segue::ot
