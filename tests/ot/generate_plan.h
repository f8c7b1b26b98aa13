// Documents and ops of the type of tests/ot/plan.h.
#pragma once

#include <vector>

#include "ot/conform/generate.h"
#include "ot/conform/generate_record.h"
#include "tests/ot/plan.h"

namespace segue::conform {

template <>
class Generator<test::Plan> : public RecordGenerator {
 public:
  explicit Generator(Random& random) : RecordGenerator(test::plan_type(), random) {}

  static std::vector<ot::Json> tiny_docs() { return RecordGenerator::tiny_docs(test::plan_type()); }
  static std::vector<ot::Json> all_docs(std::size_t parts) {
    return RecordGenerator::all_docs(test::plan_type(), parts);
  }
  static std::vector<Op> tiny_ops(const ot::Json& doc) {
    return RecordGenerator::tiny_ops(test::plan_type(), doc);
  }
};

}  // namespace segue::conform
