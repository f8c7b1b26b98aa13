// What the tree of a JSON list sums up. Private to Json and its parser.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "ot/json.h"

namespace segue::ot {

struct JsonElementTraits {
  using Element = Json;
  struct Summary {
    std::size_t printed = 0;  // without commas
    std::size_t depth = 0;
    // Of the list as a rich-text document; no_inserts where an element is not an insert.
    std::size_t insert_length = 0;
    void add(const Summary& next) {
      printed += next.printed;
      depth = std::max(depth, next.depth);
      const bool are_inserts = insert_length != no_inserts && next.insert_length != no_inserts;
      insert_length = are_inserts ? insert_length + next.insert_length : no_inserts;
    }
    bool replace(const Summary& before, const Summary& after) {
      if (before.depth == depth && after.depth < depth) return false;
      if (before.insert_length == no_inserts && after.insert_length != no_inserts) return false;
      if (after.insert_length == no_inserts) {
        insert_length = no_inserts;
      } else if (insert_length != no_inserts) {
        insert_length += after.insert_length - before.insert_length;
      }
      printed += after.printed - before.printed;
      depth = std::max(depth, after.depth);
      return true;
    }
  };
  static constexpr std::size_t no_inserts = SIZE_MAX;
  static Summary summary(const Json& element) {
    return {element.printed_bytes(), element.depth(), element.insert_length().value_or(no_inserts)};
  }
};

}  // namespace segue::ot
