#include "ot/prototype_names.h"

#include <algorithm>
#include <array>

namespace segue::ot {

bool is_prototype_name(std::string_view name) {
  static constexpr std::array<std::string_view, 12> names = {
      "__proto__",        "constructor",      "hasOwnProperty",   "isPrototypeOf",
      "toLocaleString",   "toString",         "valueOf",          "propertyIsEnumerable",
      "__defineGetter__", "__defineSetter__", "__lookupGetter__", "__lookupSetter__"};
  constexpr std::size_t size_min = 7;  // Most keys are shorter.
  return name.size() >= size_min && std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace segue::ot
