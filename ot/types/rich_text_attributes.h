// Arithmetic of rich-text attributes. Private to ot/types/rich_text*.cc.
#pragma once

#include "ot/types/rich_text.h"

namespace segue::ot::rich_text {

using Attributes = RichText::Attributes;

// What a null in the second of two composed attributes does: say that there shall be none, for a
// text that is not at hand, or see to it.
enum class Nulls { keep, remove };

// Each answers no attributes rather than empty ones.
Attributes compose(const Attributes& first, const Attributes& second, Nulls nulls);
// `attributes` as they are to be set after `other` were set, where `other` win.
Attributes without(const Attributes& attributes, const Attributes& other);
// What makes `to` of `from`.
Attributes difference(const Attributes& from, const Attributes& to);
// What undoes the setting of `attributes` on a text that has `base`.
Attributes inverse(const Attributes& attributes, const Attributes& base);

}  // namespace segue::ot::rich_text
