// The laws of tests/ot/laws.h on situations that the bytes choose from a small grammar: few names
// and letters, so that ops meet. Also ops that were made for another document: those may fail,
// but only as ot/type.h says.
//
// Input: a byte that chooses the type, then bytes that choose documents and ops.
#include "tests/ot/laws.h"

#include "ot/conform/generate.h"
#include "ot/types/json0.h"
#include "ot/types/json1.h"
#include "ot/types/rich_text.h"
#include "ot/types/text0.h"
#include "ot/types/text_unicode.h"
#include "tests/fuzz/fuzz.h"
#include "tests/ot/generate_plan.h"

using namespace segue;
using namespace segue::fuzz;
using segue::conform::Generator;
using segue::conform::Random;
using segue::test::Laws;

namespace {

// What the server commits it also stores and sends: so it must be read as what it was.
template <class T>
void check_readable(const ot::Result<typename T::Op>& op) {
  if (op) expect_none(Laws<T>::round_trip(*op));
}

template <class T>
void check_laws(Random& choose) {
  Generator<T> generator(choose);
  const ot::Json doc = generator.doc();
  const auto a = generator.op(doc);
  const auto b = generator.op(doc);
  expect_none(Laws<T>::diamond(doc, a, b));
  expect_none(Laws<T>::inversion(doc, a));
  expect_none(Laws<T>::round_trip(a));
  const auto next = Laws<T>::after(doc, a);
  expect(next.has_value(), "an op made for a document applies to it");
  const auto c = generator.op(*next);
  expect_none(Laws<T>::composition(doc, a, c));
  if (const auto both = T::compose(a, c)) expect_none(Laws<T>::diamond(doc, *both, b));
  check_readable<T>(T::transform(a, b, ot::Side::left));
  check_readable<T>(T::transform(b, a, ot::Side::right));
}

template <class T>
void check_strangers(Random& choose) {
  Generator<T> generator(choose);
  const auto a = generator.op(generator.doc());
  const auto b = generator.op(generator.doc());
  const ot::Json doc = generator.doc();
  ot::Json edited = doc;
  const auto applied = T::apply(edited, a);
  expect(applied || edited == doc, "an op that fails leaves the document as it was");
  expect(ot::json_text(edited).size() == edited.printed_bytes(), "the printed size is kept");
  for (const auto& answer : {T::transform(a, b, ot::Side::left), T::compose(a, b)}) {
    expect(answer || !answer.error().detail.empty(), "an error says what is wrong");
  }
}

template <class T>
void check(Random& choose) {
  choose.below(4) == 0 ? check_strangers<T>(choose) : check_laws<T>(choose);
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Random choose(std::span(data, size));
  switch (choose.below(6)) {
    case 0:
      check<ot::Json0>(choose);
      break;
    case 1:
      check<ot::TextUnicode>(choose);
      break;
    case 2:
      check<ot::RichText>(choose);
      break;
    case 3:
      check<ot::Json1>(choose);
      break;
    case 4:
      check<test::Plan>(choose);
      break;
    default:
      check<ot::Text0>(choose);
  }
  return 0;
}
