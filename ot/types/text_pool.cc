#include "ot/types/text_pool.h"

namespace segue::ot {

TextPool::TextPool(const Text& text) {
  const auto flat = text.flat();
  if (flat && holds(flat->size())) {
    *this = TextPool(*flat, text.length(Unit::code_point));
  } else {
    long_ = text;
  }
}

void TextPool::append(const Text& tail) {
  if (empty()) {
    *this = TextPool(tail);
  } else if (is_long()) {
    long_.insert(length(), tail, Unit::code_point);
  } else {
    Text all(view());
    all.insert(length(), tail, Unit::code_point);
    *this = TextPool(all);
  }
}

}  // namespace segue::ot
