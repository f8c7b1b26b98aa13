// Ops as a client sends them: parse, then apply, transform, compose and invert. Whatever the text,
// each answers, within its bounds, and what it answers can be stored and read again.
//
// Input: a letter that names the type, then lines of JSON: a document and two ops.
#include <limits>

#include "ot/builtin_types.h"
#include "ot/json_text.h"
#include "ot/types/text0.h"
#include "tests/fuzz/fuzz.h"

using namespace segue;
using namespace segue::fuzz;
using ot::AnyOp;
using ot::AnyType;
using ot::Json;

namespace {

constexpr std::size_t text_bytes_max = 4096;

const AnyType* type_of(char letter) {
  switch (letter) {
    case 'j':
      return ot::find_type("json0");
    case 'p':
      return ot::find_type("segue:production/1");
    case 'r':
      return ot::find_type("rich-text");
    case 't':
      return &ot::erase<ot::Text0>();
    case 'u':
      return ot::find_type("text-unicode");
    default:
      return nullptr;
  }
}

std::optional<Json> take_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  auto value = ot::parse_json(text.substr(0, end));
  text.remove_prefix(std::min(end + 1, text.size()));
  return value ? std::optional(std::move(*value)) : std::nullopt;
}

// A document that was edited is as sound as one that was read.
void check_sound(const Json& doc) {
  const std::string text = ot::json_text(doc);
  expect(doc.printed_bytes() == text.size(), "the printed size is kept");
  constexpr std::size_t any = std::numeric_limits<std::size_t>::max();
  const auto read = ot::parse_json(text, {.depth_max = any, .keys_max = any, .key_bytes_max = any});
  expect(read && *read == doc, "what is printed is read back");
  expect(read->depth() == doc.depth(), "the depth is kept");
}

// What applies may be committed: then it is read again, from text, as the same.
void check_readable(const AnyType& type, const AnyOp& op) {
  const Json shown = type.to_json(op);
  const auto parsed = type.parse_committed(shown);
  expect(parsed && type.to_json(*parsed) == shown, "an op is read as what it was printed");
}

void check_error(const ot::Result<AnyOp>& op) {
  expect(op || !op.error().detail.empty(), "an error says what is wrong");
}

std::optional<Json> after(const AnyType& type, const Json& doc, const AnyOp& op) {
  Json edited = doc;
  if (!type.apply(edited, op)) {
    expect(edited == doc, "an op that fails leaves the document as it was");
    return std::nullopt;
  }
  check_sound(edited);
  check_readable(type, op);
  return edited;
}

void check_pair(const AnyType& type, const Json& doc, const AnyOp& a, const AnyOp& b) {
  const auto new_a = type.transform(a, b, ot::Side::left);
  const auto new_b = type.transform(b, a, ot::Side::right);
  check_error(new_a);
  check_error(new_b);
  check_error(type.transform(a, a, ot::Side::left));
  check_error(type.compose(a, b));
  check_error(type.invert(a));
  const auto after_a = after(type, doc, a);
  const auto after_b = after(type, doc, b);
  if (!after_a || !after_b || !new_a || !new_b) return;
  const auto left_way = after(type, *after_a, *new_b);
  const auto right_way = after(type, *after_b, *new_a);
  // What a client may send to the others can diverge, as it does in the reference: json0 compares
  // neither ld nor od with the document, and text0 takes positions beyond the end. The laws hold
  // for honest ops (laws.cc).
  if (&type != type_of('u') && &type != type_of('p')) return;
  expect(left_way && right_way && *left_way == *right_way, "concurrent ops converge");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0 || size > text_bytes_max) return 0;
  const AnyType* chosen = type_of(static_cast<char>(data[0]));
  if (chosen == nullptr) return 0;
  const AnyType& type = *chosen;
  std::string_view text = text_of(data + 1, size - 1);
  const auto initial = take_line(text);
  const auto in_a = take_line(text);
  const auto in_b = take_line(text);
  const auto doc = type.create(initial ? &*initial : nullptr);
  if (!in_a || !doc) return 0;
  const auto a = type.parse(*in_a);
  check_error(a);
  if (!a) return 0;
  check_readable(type, *a);
  const auto b = in_b ? type.parse(*in_b) : a;
  if (b) check_pair(type, *doc, *a, *b);
  return 0;
}
