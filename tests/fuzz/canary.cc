// A law that is false: both sides transform as `left`. A fuzzer that does not break it within
// seconds sees nothing, whatever it says of the other targets.
//
// Input: bytes that choose a document and ops.
#include "ot/conform/generate.h"
#include "ot/types/json0.h"
#include "tests/fuzz/fuzz.h"
#include "tests/ot/laws.h"

using namespace segue;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  conform::Random choose(std::span(data, size));
  conform::Generator<ot::Json0> generator(choose);
  const ot::Json doc = generator.doc();
  const auto a = generator.op(doc);
  const auto b = generator.op(doc);
  fuzz::expect_none(test::Laws<ot::Json0>::diamond(doc, a, b, ot::Side::left, ot::Side::left));
  return 0;
}
