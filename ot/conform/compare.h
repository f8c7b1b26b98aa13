// Whether two replies about a type mean the same (spec/conformance.md, "Comparing").
#pragma once

#include <string_view>

#include "ot/json.h"
#include "ot/type_registry.h"

namespace segue::conform {

// How an implementation's reply compares with Segue's.
enum class Verdict {
  equal,
  different,    // another result
  refused,      // an error instead of a result
  accepted,     // a result instead of an error
  unsupported,  // it does not know the verb
  none,         // no answer: the reply has neither ok nor undef nor err
};
// As words that follow "the implementation".
std::string_view text_of(Verdict verdict);

// `request` is what both answer.
Verdict compare(const ot::Json& request, const ot::Json& expected, const ot::Json& reply,
                const ot::TypeRegistry& types);

}  // namespace segue::conform
