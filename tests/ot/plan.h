// A small record type for tests: every kind of field, two lists. As a Type, so that the laws run
// over it.
#pragma once

#include <cstddef>
#include <limits>
#include <string_view>

#include "ot/json.h"
#include "ot/record/record_type.h"
#include "ot/result.h"
#include "ot/type.h"

namespace segue::test {

// The schema below, as a type that lives as long as the program.
const ot::RecordType& plan_type();
extern const std::string_view plan_schema;

struct Plan {
  static constexpr std::string_view name = "segue:plan/1";
  static constexpr std::string_view uri = name;
  using Op = ot::RecordType::Op;

  static ot::Result<ot::Json> create(const ot::Json* data) { return plan_type().create(data); }
  static ot::Result<Op> parse(const ot::Json& in, std::size_t components_max = 10'000) {
    constexpr auto any = std::numeric_limits<std::size_t>::max();
    return components_max == any ? plan_type().parse_committed(in) : plan_type().parse(in);
  }
  static ot::Json to_json(const Op& op) { return ot::RecordType::to_json(op); }
  static ot::Result<void> apply(ot::Json& doc, const Op& op) {
    return ot::RecordType::apply(doc, op);
  }
  static ot::Result<Op> transform(const Op& op, const Op& other, ot::Side side) {
    return ot::RecordType::transform(op, other, side);
  }
  static ot::Result<Op> compose(const Op& first, const Op& second) {
    return ot::RecordType::compose(first, second);
  }
  static ot::Result<Op> invert(const Op& op) { return ot::RecordType::invert(op); }
};

}  // namespace segue::test
