// Revocations: tokens that are out of force before they expire. Normative: spec/access.md,
// "Revocation".
//
// Threads: any; immutable. Pure.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "ot/result.h"
#include "server/access/token.h"

namespace segue::access {

class Revocations {
 public:
  // Errors: uncoded, with the number of the line.
  static ot::Result<Revocations> parse(std::string_view lines);

  bool cover(const Identity& identity) const;

 private:
  ot::Result<void> add(const ot::Json& line);

  std::unordered_set<std::string> tokens_;
  std::unordered_map<std::string, double> authors_;  // tokens issued before then
};

}  // namespace segue::access
