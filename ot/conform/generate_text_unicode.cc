#include "ot/conform/generate.h"
#include "ot/conform/generate_parts.h"

namespace segue::conform {

using ot::Json;
using ot::Text;
using ot::TextUnicode;
using ot::Unit;

namespace {

// Ways to keep, delete and insert around what is left of a text, as ops that may end in a skip.
void collect_unicode_ops(const Text& left, std::size_t inserts_left, const TextUnicode::Op& so_far,
                         std::vector<TextUnicode::Op>& all) {
  const std::size_t size = left.length(Unit::code_point);
  if (size == 0) all.push_back(TextUnicode::trim(so_far));
  if (inserts_left > 0) {
    collect_unicode_ops(left, inserts_left - 1, TextUnicode::Op(so_far).insert(Text("x")), all);
  }
  if (size == 0) return;
  const Text rest = cut(left, 1, size - 1, Unit::code_point);
  const Text first = cut(left, 0, 1, Unit::code_point);
  collect_unicode_ops(rest, inserts_left, TextUnicode::Op(so_far).skip(1), all);
  collect_unicode_ops(rest, inserts_left, TextUnicode::Op(so_far).erase(first), all);
}

}  // namespace

Json Generator<TextUnicode>::doc() {
  return Json(letters_of(random_, is_long(random_) ? 2 * long_size : 5));
}

TextUnicode::Op Generator<TextUnicode>::op(const Json& doc) {
  const std::size_t size = doc.text().length(Unit::code_point);
  TextUnicode::Op op;
  for (std::size_t at = 0;;) {
    if (random_.below(3) == 0) op.insert(Text("x" + letters_of(random_, 1)));
    if (at == size) break;
    const std::size_t count = 1 + random_.below(size - at);
    if (random_.below(2) == 0) {
      op.skip(count);
    } else {
      op.erase(cut(doc.text(), at, count, Unit::code_point));
    }
    at += count;
  }
  return TextUnicode::trim(std::move(op));
}

std::vector<Json> Generator<TextUnicode>::tiny_docs() {
  return {"", "a", "ab", "abc", "a" + std::string(letters[3])};
}

std::vector<Json> Generator<TextUnicode>::all_docs(std::size_t parts) { return all_strings(parts); }

std::vector<TextUnicode::Op> Generator<TextUnicode>::tiny_ops(const Json& doc) {
  std::vector<TextUnicode::Op> all;
  collect_unicode_ops(doc.text(), 2, {}, all);
  return all;
}

std::vector<TextUnicode::Op> Generator<TextUnicode>::cuts(const Json& doc) {
  std::vector<TextUnicode::Op> ops;
  for (const auto& [from, count] : spans_of(doc.text().length(Unit::code_point))) {
    const Text gone = cut(doc.text(), from, count, Unit::code_point);
    ops.push_back(TextUnicode::Op().skip(from).erase(gone));
  }
  return ops;
}

}  // namespace segue::conform
