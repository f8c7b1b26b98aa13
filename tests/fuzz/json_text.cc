// ot/json_text.h against a second reader: it takes and refuses the same texts, reads the same
// values, and prints them as JSON.stringify does. Small limits, so that they are met.
//
// Input: text.
#include "ot/json_text.h"

#include <algorithm>
#include <numeric>

#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/strict_json.h"

using namespace segue;
using namespace segue::fuzz;

namespace {

using Kind = ot::Json::Kind;

const ot::JsonLimits limits{.depth_max = 8, .keys_max = 24, .key_bytes_max = 12};
constexpr std::size_t text_bytes_max = 4096;

bool same(const ot::Json& value, const PlainJson& plain);

bool same_elements(const ot::Json& value, const PlainJson& plain) {
  if (value.size() != plain.elements.size()) return false;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (!same(value[i], plain.elements[i])) return false;
  }
  return true;
}

bool same_members(const ot::Json& value, const PlainJson& plain) {
  if (value.size() != plain.keys.size()) return false;
  for (std::size_t i = 0; i < plain.keys.size(); ++i) {
    const ot::Json* found = value.find(wtf8_of(plain.keys[i]));
    if (found == nullptr || !same(*found, plain.elements[i])) return false;
  }
  return true;
}

bool same(const ot::Json& value, const PlainJson& plain) {
  if (static_cast<int>(value.kind()) != static_cast<int>(plain.kind)) return false;
  switch (value.kind()) {
    case Kind::null:
      return true;
    case Kind::boolean:
      return value.boolean() == plain.boolean;
    case Kind::number:
      return value.number() == plain.number;
    case Kind::string:
      return value.str() == wtf8_of(plain.string);
    case Kind::array:
      return same_elements(value, plain);
    case Kind::object:
      return same_members(value, plain);
  }
  return false;
}

void print(const PlainJson& value, std::string& out);

void print_elements(const PlainJson& array, std::string& out) {
  const char* before = "[";
  for (const PlainJson& element : array.elements) {
    out += before;
    print(element, out);
    before = ",";
  }
  out += array.elements.empty() ? "[]" : "]";
}

// In JavaScript's order.
void print_members(const PlainJson& object, std::string& out) {
  std::vector<std::size_t> order(object.keys.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) {
    const auto index_a = array_index(object.keys[a]);
    const auto index_b = array_index(object.keys[b]);
    return index_a && (!index_b || *index_a < *index_b);
  });
  const char* before = "{";
  for (const std::size_t i : order) {
    out += before + quoted(object.keys[i]) + ':';
    print(object.elements[i], out);
    before = ",";
  }
  out += order.empty() ? "{}" : "}";
}

// The number's digits are taken from what is tested, and only checked to be read back.
void print_number(double number, std::string& out) {
  std::string digits;
  ot::print_json_number(number, digits);
  expect(std::strtod(digits.c_str(), nullptr) == number, "a printed number is read back");
  expect(digits != "-0", "-0 prints as 0");
  out += digits;
}

void print(const PlainJson& value, std::string& out) {
  switch (value.kind) {
    case PlainJson::Kind::null:
      out += "null";
      return;
    case PlainJson::Kind::boolean:
      out += value.boolean ? "true" : "false";
      return;
    case PlainJson::Kind::number:
      return print_number(value.number, out);
    case PlainJson::Kind::string:
      out += quoted(value.string);
      return;
    case PlainJson::Kind::array:
      return print_elements(value, out);
    case PlainJson::Kind::object:
      return print_members(value, out);
  }
}

void check_value(const ot::Json& value, const PlainJson& plain) {
  expect(same(value, plain), "both readers read the same value");
  const std::string printed = ot::json_text(value);
  std::string expected;
  print(plain, expected);
  expect(printed == expected, "it prints as JSON.stringify prints it");
  expect(value.printed_bytes() == printed.size(), "the printed size is known beforehand");
  const auto again = ot::parse_json(printed, limits);
  expect(again && *again == value, "what is printed reads as the same value");
  expect(ot::json_text(*again) == printed, "and prints as the same text");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > text_bytes_max) return 0;
  const std::string_view text = text_of(data, size);
  const auto value = ot::parse_json(text, limits);
  auto units = utf16_of(text, Lone::refused);
  const auto plain = units ? StrictReader(std::move(*units), limits).read() : std::nullopt;
  expect(value.has_value() == plain.has_value(), "both readers take and refuse the same texts");
  if (!value) return 0;
  check_value(*value, *plain);
  const auto tape = ot::tokenize_json(text, limits);
  expect(tape && ot::JsonView(*tape).equals(*value), "its tokens are the same value");
  expect(ot::json_text(ot::JsonView(*tape)) == ot::json_text(*value), "and print as the same text");
  return 0;
}
