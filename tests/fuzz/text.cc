// The rope of ot/text.h against one string of UTF-16 units: every edit, cut and count.
//
// Input: bytes that choose edits, of which some are long, so that there are chunks to split.
#include "ot/text.h"

#include <algorithm>
#include <array>
#include <vector>

#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/utf16.h"
#include "tests/support/random.h"

using namespace segue;
using namespace segue::fuzz;
using segue::test::Random;

namespace {

constexpr std::size_t edits_max = 60;
constexpr std::size_t units_max = 6'000;
// A longer text is compared now and then: what an edit breaks stays broken.
constexpr std::size_t units_short = 500;

// A character of each size, each half of a pair, and what JSON escapes.
constexpr std::array<std::u16string_view, 9> letters = {
    u"a", u"\u00e9", u"\u20ac", u"\U0001F600", u"\xD83D", u"\xDE00", u"\"", u"\x01", u"\n"};

struct Model {
  std::u16string units;

  std::size_t length(ot::Unit unit) const {
    return unit == ot::Unit::utf16 ? units.size() : code_points(units);
  }
  std::size_t at(std::size_t position, ot::Unit unit) const {
    return unit == ot::Unit::utf16 ? position : unit_of_point(units, position);
  }
};

void check(const ot::Text& text, const Model& model) {
  const std::string bytes = wtf8_of(model.units);
  expect(text.str() == bytes, "the content is that of the model");
  expect(text == std::string_view(bytes), "a text equals its content");
  expect(text == ot::Text(bytes), "an edited text equals a new one");
  expect(text.empty() == bytes.empty() && text.bytes() == bytes.size(), "bytes are counted");
  expect(text.length(ot::Unit::utf16) == model.units.size(), "UTF-16 units are counted");
  expect(text.length(ot::Unit::code_point) == code_points(model.units), "points are counted");
  expect(text.printed_bytes() == quoted(model.units).size(), "printed bytes are counted");
  expect(text.has_lone_surrogate() == has_lone(model.units), "a lone surrogate is seen");
  if (const auto flat = text.flat()) expect(*flat == bytes, "a flat text is the content");
  std::string joined;
  text.for_each_chunk([&](std::string_view chunk) {
    expect(utf16_of(chunk, Lone::allowed).has_value(), "chunks are whole characters");
    joined += chunk;
  });
  expect(joined == bytes, "the chunks are the content");
}

std::u16string some_letters(Random& choose) {
  std::u16string units;
  std::size_t count = choose.below(8);
  const std::size_t repeated = count == 7 ? 1 + choose.below(1000) : 1;
  for (; count > 0; --count) units += letters.at(choose.below(letters.size()));
  std::u16string all;
  for (std::size_t i = 0; i < repeated; ++i) all += units;
  return all;
}

void edit(ot::Text& text, Model& model, Random& choose) {
  const ot::Unit unit = choose.below(2) == 0 ? ot::Unit::utf16 : ot::Unit::code_point;
  const std::size_t length = model.length(unit);
  const std::size_t position = choose.below(length + 1);
  const std::size_t begin = model.at(position, unit);
  const std::size_t what = choose.below(4);
  if (what < 2) {
    const std::u16string letters_in = some_letters(choose);
    if (model.units.size() + letters_in.size() > units_max) return;
    model.units.insert(begin, letters_in);
    text.insert(position, wtf8_of(letters_in), unit);
    return;
  }
  const std::size_t count = choose.below(std::min<std::size_t>(length - position, 700) + 1);
  const std::size_t end = model.at(position + count, unit);
  if (what == 2) {
    model.units.erase(begin, end - begin);
    text.erase(position, count, unit);
  } else {
    expect(text.slice(position, count, unit) == wtf8_of(model.units.substr(begin, end - begin)),
           "a slice is what stands there");
  }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Random choose(std::span(data, size));
  Model model{some_letters(choose)};
  ot::Text text(wtf8_of(model.units));
  for (std::size_t edits = 0; edits < edits_max && !choose.is_spent(); ++edits) {
    const ot::Text copy = text;
    const Model before = model;
    edit(text, model, choose);
    if (model.units.size() < units_short || edits % 8 == 0) check(text, model);
    if (choose.below(8) == 0) check(copy, before);  // An edit leaves copies alone.
  }
  check(text, model);
  return 0;
}
