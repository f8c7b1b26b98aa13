// The production type (ot/builtin_types.h) as a Type of static functions, as the others are.
#pragma once

#include <cstddef>
#include <string_view>

#include "ot/builtin_types.h"

namespace segue::bench {

struct Record {
  static constexpr std::string_view name = "record";
  static constexpr std::string_view uri = name;
  using Op = ot::RecordType::Op;

  static ot::Result<ot::Json> create(const ot::Json* data) {
    return ot::production_type().create(data);
  }
  static ot::Result<Op> parse(const ot::Json& in) { return ot::production_type().parse(in); }
  static ot::Result<Op> parse(const ot::Json& in, std::size_t /*components_max*/) {
    return ot::production_type().parse_committed(in);
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
};

}  // namespace segue::bench
