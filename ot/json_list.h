// What the tree of a JSON list sums up. Private to Json and its parser.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>

#include "ot/json.h"

namespace segue::ot {

struct JsonElementTraits {
  using Element = Json;
  struct Summary {
    std::size_t printed = 0;  // without commas
    std::size_t depth = 0;
    std::size_t deepest = 0;  // how many elements are that deep
    // As a rich-text document: the length of the inserts, and how many elements are none.
    std::size_t insert_length = 0;
    std::size_t others = 0;

    void add(const Summary& next) {
      printed += next.printed;
      add_depth(next);
      insert_length += next.insert_length;
      others += next.others;
    }
    bool replace(const Summary& before, const Summary& after) {
      const std::size_t left = before.depth == depth ? deepest - before.deepest : deepest;
      if (left == 0 && after.depth < depth) return false;  // How deep is the next deepest?
      deepest = left;
      add_depth(after);
      printed += after.printed - before.printed;
      insert_length += after.insert_length - before.insert_length;
      others += after.others - before.others;
      return true;
    }

   private:
    void add_depth(const Summary& next) {
      if (next.depth > depth) deepest = 0;
      depth = std::max(depth, next.depth);
      if (next.depth == depth) deepest += next.deepest;
    }
  };
  static Summary summary(const Json& element) { return summary(element.weight()); }
  static Summary summary(const Json::Weight& weight) {
    Summary sum;
    sum.printed = weight.printed;
    sum.depth = weight.depth;
    sum.deepest = 1;
    const bool is_insert = weight.insert_length != Json::no_insert;
    sum.insert_length = is_insert ? weight.insert_length : 0;
    sum.others = is_insert ? 0 : 1;
    return sum;
  }
};

}  // namespace segue::ot
