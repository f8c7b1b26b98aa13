// JSON in tests, with ' for " so that ops read well in C++.
#pragma once

#include <algorithm>
#include <string>
#include <utility>

#include <doctest/doctest.h>

#include "ot/json_text.h"
#include "tests/support/notation.h"

namespace segue::test {

// REQUIRES: what JSON text is when every ' is a ".
inline ot::Json json(std::string text) {
  std::replace(text.begin(), text.end(), '\'', '"');
  auto value = ot::parse_json(text);
  REQUIRE_MESSAGE(value.has_value(), text);
  return std::move(*value);
}

}  // namespace segue::test
