#include "ot/prototype_names.h"

#include <algorithm>
#include <array>

namespace segue::ot {

bool is_prototype_name(std::string_view name) {
  constexpr std::size_t shortest = 7;
  static constexpr std::array<std::string_view, 12> names = {
      "__proto__",        "constructor",      "hasOwnProperty",   "isPrototypeOf",
      "toLocaleString",   "toString",         "valueOf",          "propertyIsEnumerable",
      "__defineGetter__", "__defineSetter__", "__lookupGetter__", "__lookupSetter__"};
  if (name.size() < shortest) return false;  // as most are
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace segue::ot
