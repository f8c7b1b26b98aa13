// Pattern: text in which `*` stands for any text and `{claim}` for a string in a token.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ot/json.h"
#include "ot/result.h"

namespace segue::access {

class Pattern {
 public:
  // Errors: uncoded, a brace without its other half or a claim without a name.
  static ot::Result<Pattern> parse(std::string_view text);

  // Whether it matches all of `name`. Takes time in proportion to the product of their lengths at
  // worst. A claim that is missing or no string matches nothing.
  bool matches(std::string_view name, const ot::Json& claims) const;
  // Whether it matches every name, whoever asks.
  bool matches_all() const;

 private:
  struct Piece {
    std::string text;
    bool is_claim = false;
  };
  using Segment = std::vector<Piece>;  // what stands between two stars
  std::vector<Segment> segments_{1};
};

}  // namespace segue::access
