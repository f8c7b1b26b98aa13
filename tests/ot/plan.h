// A small record type for tests: every kind of field, two lists.
#pragma once

#include <string_view>

#include "ot/record/record_type.h"
#include "tests/support/static_record.h"

namespace segue::test {

// The schema below, as a type that lives as long as the program.
const ot::RecordType& plan_type();
extern const std::string_view plan_schema;

struct Plan : StaticRecord<plan_type> {
  static constexpr std::string_view name = "segue:plan/1";
  static constexpr std::string_view uri = name;
};

}  // namespace segue::test
