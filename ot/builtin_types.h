// The OT types that this build serves. To add one: an entry here, a generator in
// tests/ot/generate.h, a spec and its vectors.
#pragma once

#include <string_view>
#include <tuple>

#include "ot/type.h"
#include "ot/types/json0.h"
#include "ot/types/rich_text.h"
#include "ot/types/text_unicode.h"

namespace segue::ot {

using BuiltinTypes = std::tuple<Json0, RichText, TextUnicode>;

// The type of this name or URI, or nullptr. Valid for ever.
const AnyType* find_type(std::string_view name_or_uri);

}  // namespace segue::ot
