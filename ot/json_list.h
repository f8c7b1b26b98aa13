// What the tree of a JSON list sums up. Private to Json and its parser.
#pragma once

#include <algorithm>
#include <cstddef>

#include "ot/json.h"

namespace segue::ot {

struct JsonElementTraits {
  using Element = Json;
  struct Summary {
    std::size_t printed = 0;  // without commas
    std::size_t depth = 0;
    void add(const Summary& next) {
      printed += next.printed;
      depth = std::max(depth, next.depth);
    }
    bool replace(const Summary& before, const Summary& after) {
      if (before.depth == depth && after.depth < depth) return false;
      printed += after.printed - before.printed;
      depth = std::max(depth, after.depth);
      return true;
    }
  };
  static Summary summary(const Json& element) { return {element.printed_bytes(), element.depth()}; }
};

}  // namespace segue::ot
