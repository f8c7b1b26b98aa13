// The verbs of the conformance protocol (spec/conformance.md) for json1.
#pragma once

#include <string_view>

#include "ot/conformance_parts.h"

namespace segue::ot::conformance {

Answer answer_json1(std::string_view verb, const Json& request);

}  // namespace segue::ot::conformance
