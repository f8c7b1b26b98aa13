#include "ot/builtin_types.h"

#include <utility>

#include "ot/assert.h"
#include "ot/json_text.h"
#include "ot/record/production_schema.h"

namespace segue::ot {
namespace {

RecordType read_production_type() {
  const auto text = parse_json(record::production_schema);
  OT_ASSERT(text.has_value());
  auto schema = record::Schema::parse(*text);
  OT_ASSERT(schema.has_value());
  return RecordType(std::move(*schema));
}

const ErasedType<RecordType>& erased_production_type() {
  static const ErasedType<RecordType> type(read_production_type());
  return type;
}

}  // namespace

const RecordType& production_type() { return erased_production_type().type(); }

const AnyType* find_type(std::string_view name_or_uri) {
  const AnyType& production = erased_production_type();
  if (production.name == name_or_uri) return &production;
  return find_among(name_or_uri, static_cast<BuiltinTypes*>(nullptr));
}

}  // namespace segue::ot
