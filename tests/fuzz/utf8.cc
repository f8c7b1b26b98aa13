// ot/utf8.h against strings of UTF-16 units.
//
// Input: a byte that says where to cut the rest into two strings.
#include "ot/utf8.h"

#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/utf16.h"

using namespace segue;
using namespace segue::fuzz;

namespace {

int sign(int value) { return value < 0 ? -1 : value > 0 ? 1 : 0; }

void check_counts(const std::string& bytes, const std::u16string& units) {
  expect(wtf8_of(units) == bytes, "the model is its own inverse");
  expect(ot::count_code_points(bytes) == code_points(units), "code points are counted");
  expect(ot::count_utf16(bytes) == units.size(), "UTF-16 units are counted");
  expect(ot::has_lone_surrogate(bytes) == has_lone(units), "a lone surrogate is seen");
  if (units.empty()) return;
  expect(ot::starts_with_low_surrogate(bytes) == is_low(units.front()), "the first is seen");
  const bool ends_high = is_high(units.back());
  expect(ot::ends_with_high_surrogate(bytes) == ends_high, "the last is seen");
  expect(ot::char_bytes(bytes[0]) == wtf8_of(units.substr(0, units_at(units, 0))).size(),
         "a character's bytes are known by its first");
  std::string first;
  ot::encode(ot::decode(bytes), first);
  expect(bytes.starts_with(first), "a character is decoded and encoded");
  if (first.size() == 4) {
    const auto [high, low] = ot::split_astral(first);
    expect(utf16_of(high, Lone::allowed) == units.substr(0, 1), "the high half");
    expect(utf16_of(low, Lone::allowed) == units.substr(1, 1), "the low half");
  }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes = text_of(data + 1, size - 1);
  const std::size_t cut = data[0] % size;
  std::string a(bytes.substr(0, cut));
  const std::string b(bytes.substr(cut));
  for (const std::string& text : {a, b}) {
    expect(ot::is_utf8(text) == utf16_of(text, Lone::refused).has_value(), "UTF-8 is told");
    expect(ot::is_wtf8(text) == utf16_of(text, Lone::allowed).has_value(), "WTF-8 is told");
  }
  const auto units_a = utf16_of(a, Lone::allowed);
  const auto units_b = utf16_of(b, Lone::allowed);
  if (units_a) check_counts(a, *units_a);
  if (units_b) check_counts(b, *units_b);
  if (!units_a || !units_b) return 0;
  expect(sign(ot::compare_utf16(a, b)) == sign(units_a->compare(*units_b)),
         "strings compare as in JavaScript");
  ot::append_wtf8(a, b);
  expect(a == wtf8_of(*units_a + *units_b), "halves that meet are one character");
  return 0;
}
