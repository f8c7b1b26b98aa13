#include "ot/types/text_unicode_op.h"

namespace segue::ot {
namespace {

std::size_t length(const Text& text) { return text.length(Unit::code_point); }

}  // namespace

TextUnicodeOp& TextUnicodeOp::skip(std::size_t count) {
  parts.append({Kind::skip, count});
  return *this;
}

TextUnicodeOp& TextUnicodeOp::insert(const Text& text) {
  parts.append({Kind::insert, length(text)});
  inserted.append(text);
  return *this;
}

TextUnicodeOp& TextUnicodeOp::erase(std::size_t count) {
  if (count == 0) return *this;
  if (!empty() && parts.back().kind() == Kind::erase_text) {
    const std::size_t said = parts.back().count();
    Text kept = deleted.text();
    kept.erase(length(kept) - said, said, Unit::code_point);
    deleted = TextPool(kept);
    parts.pop_back();
    parts.append({Kind::erase, said});
  }
  parts.append({Kind::erase, count});
  return *this;
}

TextUnicodeOp& TextUnicodeOp::erase(const Text& text) {
  if (!empty() && parts.back().kind() == Kind::erase) return erase(length(text));
  parts.append({Kind::erase_text, length(text)});
  deleted.append(text);
  return *this;
}

}  // namespace segue::ot
