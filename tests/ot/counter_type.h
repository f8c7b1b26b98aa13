// A counter: the smallest type there can be, added as CONTRIBUTING.md tells. A document is a whole
// number, an op the number to add to it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "ot/conform/generate.h"
#include "ot/json.h"
#include "ot/result.h"
#include "ot/type.h"

namespace segue::test {

struct Counter {
  static constexpr std::string_view name = "counter";
  static constexpr std::string_view uri = "https://example.org/types/counter";
  using Op = std::int64_t;

  // 0 without data. Errors: op_badly_formed.
  static ot::Result<ot::Json> create(const ot::Json* data);
  // Errors: op_badly_formed.
  static ot::Result<Op> parse(const ot::Json& in, std::size_t components_max = 1);
  static ot::Json to_json(Op op) { return op; }
  // Errors: op_not_applied where the sum has no place in a double.
  static ot::Result<void> apply(ot::Json& doc, Op op);
  static ot::Result<Op> transform(Op op, Op other, ot::Side side);
  static ot::Result<Op> compose(Op first, Op second);
  static ot::Result<Op> invert(Op op) { return -op; }
};

}  // namespace segue::test

namespace segue::conform {

template <>
class Generator<test::Counter> {
 public:
  explicit Generator(Random& random) : random_(random) {}

  ot::Json doc() { return random_.below(10); }
  test::Counter::Op op(const ot::Json& /*doc*/) {
    return static_cast<test::Counter::Op>(random_.below(7)) - 3;
  }

  static std::vector<ot::Json> tiny_docs() { return {0, 1}; }
  // A count has as many parts as it counts.
  static std::vector<ot::Json> all_docs(std::size_t parts) { return {parts}; }
  static std::vector<test::Counter::Op> tiny_ops(const ot::Json& /*doc*/) { return {-1, 0, 2}; }
  static std::vector<test::Counter::Op> cuts(const ot::Json& doc) {
    return {-static_cast<test::Counter::Op>(doc.number())};
  }

 private:
  Random& random_;
};

}  // namespace segue::conform
