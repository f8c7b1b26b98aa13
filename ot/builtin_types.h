// The OT types that this build serves. To add one: an entry here, and what CONTRIBUTING.md says.
// Record types are made of schemas: one is built in, others come from files (ot/type_registry.h).
#pragma once

#include <string_view>
#include <tuple>

#include "ot/record/record_type.h"
#include "ot/type.h"
#include "ot/types/json0.h"
#include "ot/types/json1.h"
#include "ot/types/rich_text.h"
#include "ot/types/text_unicode.h"

namespace segue::ot {

using BuiltinTypes = std::tuple<Json0, Json1, RichText, TextUnicode>;

// `segue:production/1`, of spec/schemas/production.json.
const RecordType& production_type();

// The type of this name or URI, or nullptr. Valid for ever.
const AnyType* find_type(std::string_view name_or_uri);

// The same among the types of a tuple such as BuiltinTypes.
template <class... Types>
const AnyType* find_among(std::string_view name_or_uri, std::tuple<Types...>* /*types*/) {
  const AnyType* found = nullptr;
  const auto consider = [&](const AnyType& type) {
    if (type.name == name_or_uri || type.uri == name_or_uri) found = &type;
  };
  (consider(erase<Types>()), ...);
  return found;
}

}  // namespace segue::ot
