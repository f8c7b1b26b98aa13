// The production type (ot/builtin_types.h) as a Type of static functions, as the others are.
#pragma once

#include <string_view>

#include "ot/builtin_types.h"
#include "tests/support/static_record.h"

namespace segue::bench {

struct Record : test::StaticRecord<ot::production_type> {
  static constexpr std::string_view name = "record";
  static constexpr std::string_view uri = name;
};

}  // namespace segue::bench
