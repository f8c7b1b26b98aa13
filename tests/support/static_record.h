// A record type as a Type of static functions, as the others are, so that laws and benchmarks run
// over it. `type` gives it, and whoever derives from this its name.
#pragma once

#include <cstddef>
#include <limits>

#include "ot/json.h"
#include "ot/record/record_type.h"
#include "ot/result.h"
#include "ot/type.h"

namespace segue::test {

template <const ot::RecordType& (*type)()>
struct StaticRecord {
  using Op = ot::RecordType::Op;

  static ot::Result<ot::Json> create(const ot::Json* data) { return type().create(data); }
  static ot::Result<Op> parse(ot::JsonView in, std::size_t components_max = 10'000) {
    constexpr auto any = std::numeric_limits<std::size_t>::max();
    return components_max == any ? type().parse_committed(in) : type().parse(in);
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
