// TypeLookup: how code that serves all OT types finds one by its name or URI.
#pragma once

#include <string_view>

#include "ot/type.h"

namespace segue::ot {

class TypeRegistry;

// Cheap to copy. Refers to the registry, which outlives it.
class TypeLookup {
 public:
  using Function = const AnyType* (*)(std::string_view name_or_uri);

  // NOLINTNEXTLINE(google-explicit-constructor): &find_type is one.
  TypeLookup(Function function) : function_(function) {}
  explicit TypeLookup(const TypeRegistry& registry) : registry_(&registry) {}

  // Null if there is none.
  const AnyType* operator()(std::string_view name_or_uri) const;

 private:
  Function function_ = nullptr;
  const TypeRegistry* registry_ = nullptr;
};

}  // namespace segue::ot
