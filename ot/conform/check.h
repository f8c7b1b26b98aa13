// Checks of an implementation on one situation: does it answer a verb as Segue does, and do its
// answers obey the laws?
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ot/conform/cases.h"
#include "ot/conform/compare.h"
#include "ot/json.h"
#include "ot/type_registry.h"

namespace segue::conform {

// Replies to requests, in their order: {"none": why} where it does not answer that one or one asked
// along with it. Throws what keeps it from answering at all.
using Ask = std::function<std::vector<ot::Json>(const std::vector<ot::Json>& requests)>;

// Segue itself as the implementation. REQUIRES: `types` outlives it.
Ask ask_segue(const ot::TypeRegistry& types);

// A request on which the implementation and Segue differ.
struct Finding {
  Verdict verdict = Verdict::different;
  ot::Json request;
  ot::Json expected;
  ot::Json reply;
};

// One thing to check: a verb or a law.
struct Check {
  std::string name;  // "transform", "law: converge"
  std::string rule;  // of a law: what must hold
  bool is_optional = false;
  std::function<std::optional<Finding>(const ot::Json& situation, const Ask& ask)> run;
};

// REQUIRES: both outlive the answer.
std::vector<Check> verb_checks(const TypeCases& cases, const ot::TypeRegistry& types);
std::vector<Check> law_checks(const TypeCases& cases, const ot::TypeRegistry& types);

// Whether a situation is one: its ops apply, and Segue itself obeys every law in it.
bool is_sound(const ot::Json& situation, const TypeCases& cases, const ot::TypeRegistry& types);

}  // namespace segue::conform
