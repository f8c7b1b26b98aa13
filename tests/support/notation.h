// JSON as tests write it, with ' for ".
#pragma once

#include <algorithm>
#include <string>

#include "ot/json_text.h"

namespace segue::test {

inline std::string notation(const ot::Json& value) {
  std::string text = ot::json_text(value);
  std::replace(text.begin(), text.end(), '"', '\'');
  return text;
}

}  // namespace segue::test
