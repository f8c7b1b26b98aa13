// The schema that is built in, as text: spec/schemas/production.json, embedded by CMake.
#pragma once

#include <string_view>

namespace segue::ot::record {

extern const std::string_view production_schema;

}  // namespace segue::ot::record
