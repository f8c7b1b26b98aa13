#include "ot/builtin_types.h"

namespace segue::ot {
namespace {

template <class... Types>
const AnyType* find_among(std::string_view name_or_uri, std::tuple<Types...>* /*types*/) {
  const AnyType* found = nullptr;
  const auto consider = [&](const AnyType& type) {
    if (type.name == name_or_uri || type.uri == name_or_uri) found = &type;
  };
  (consider(erase<Types>()), ...);
  return found;
}

}  // namespace

const AnyType* find_type(std::string_view name_or_uri) {
  return find_among(name_or_uri, static_cast<BuiltinTypes*>(nullptr));
}

}  // namespace segue::ot
