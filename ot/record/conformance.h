// The verbs of the conformance protocol (spec/conformance.md) for record types.
#pragma once

#include <string_view>

#include "ot/conformance_parts.h"
#include "ot/record/record_type.h"

namespace segue::ot::conformance {

Answer answer(const RecordType& type, std::string_view verb, const Json& request);

}  // namespace segue::ot::conformance
