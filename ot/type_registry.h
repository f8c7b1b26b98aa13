// The OT types that one process serves: the built-in ones and those of schemas that it was given.
//
// Types are added while the process starts; after that any thread may look them up. They are valid
// for as long as the registry is.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ot/json.h"
#include "ot/record/record_type.h"
#include "ot/result.h"
#include "ot/type.h"
#include "ot/type_lookup.h"

namespace segue::ot {

class TypeRegistry {
 public:
  // Errors: bad_json, with the path and the rule, also where a type of this name is known.
  Result<void> add_schema(const Json& schema);

  // Null if there is none.
  const AnyType* find(std::string_view name_or_uri) const;
  const RecordType* find_record(std::string_view name) const;
  std::vector<std::string> loaded_names() const;
  TypeLookup lookup() const { return TypeLookup(*this); }

 private:
  std::vector<std::unique_ptr<const ErasedType<RecordType>>> loaded_;
};

}  // namespace segue::ot
