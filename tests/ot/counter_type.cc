#include "tests/ot/counter_type.h"

#include "ot/types/parse.h"

namespace segue::test {

using ot::Errc;
using ot::fail;
using ot::Json;
using ot::Result;

Result<Json> Counter::create(const Json* data) {
  if (data == nullptr) return Json(0);
  if (!ot::safe_integer(*data)) return fail(Errc::op_badly_formed, "a counter is a whole number");
  return *data;
}

Result<Counter::Op> Counter::parse(const Json& in, std::size_t /*components_max*/) {
  const auto amount = ot::safe_integer(in);
  if (!amount) return fail(Errc::op_badly_formed, "a counter op is a whole number");
  return *amount;
}

Result<void> Counter::apply(Json& doc, Op op) {
  const auto count = ot::safe_integer(doc);
  const auto sum = count ? ot::safe_integer(Json(*count + op)) : std::nullopt;
  if (!sum) return fail(Errc::op_not_applied, "the counter cannot hold that");
  doc = *sum;
  return {};
}

Result<Counter::Op> Counter::transform(Op op, Op /*other*/, ot::Side /*side*/) { return op; }

Result<Counter::Op> Counter::compose(Op first, Op second) { return first + second; }

}  // namespace segue::test
