// Examines an implementation of a type on random situations: every verb against Segue, every law.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ot/conform/check.h"

namespace segue::conform {

struct Examination {
  std::size_t cases = 1000;
  std::uint64_t seed = 1;
  std::string verb;  // the only one; no laws then. Empty: all
  // How many smaller situations are tried for a check that failed.
  std::size_t shrink_tries = 3000;
};

// What became of one check.
struct Outcome {
  std::string check;
  std::string rule;
  std::size_t cases = 0;
  std::size_t failed = 0;
  bool is_skipped = false;         // an optional verb that it does not know
  std::optional<Finding> example;  // made as small as possible
};

// Ends early with a situation in which something is not answered. Throws what `ask` throws, but
// while it shrinks: then what is the smallest until then stays.
std::vector<Outcome> examine(const TypeCases& cases, const Examination& examination,
                             const ot::TypeRegistry& types, const Ask& ask);

// A line of spec/vectors that holds others to Segue's answer. `source` is its src.
std::string vector_line(const Finding& finding, std::string_view source);

}  // namespace segue::conform
