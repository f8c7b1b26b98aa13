// The op of text-unicode: what it does as counts, and beside them the texts.
//
// All that it inserts is one text, whatever skips lie between, and so is all that its deletes say
// they delete. Transforming therefore leaves what is inserted as it is, and ops share it.
#pragma once

#include <cstddef>

#include "ot/text.h"
#include "ot/types/text_parts.h"
#include "ot/types/text_pool.h"

namespace segue::ot {

// INVARIANT: `inserted` is as long as all parts that insert, `deleted` as all that erase_text.
struct TextUnicodeOp {
  using Kind = TextPart::Kind;

  TextParts parts;
  TextPool inserted;
  TextPool deleted;

  bool empty() const noexcept { return parts.empty(); }
  bool operator==(const TextUnicodeOp&) const = default;

  // These put a part behind the last one in normal form: merged with a neighbour of its kind, or
  // left out if it is empty. A delete that says its text and one that does not become one that
  // does not.
  TextUnicodeOp& skip(std::size_t count);
  TextUnicodeOp& insert(const Text& text);
  TextUnicodeOp& erase(std::size_t count);
  TextUnicodeOp& erase(const Text& text);
};

}  // namespace segue::ot
