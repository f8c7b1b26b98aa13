#include "ot/type_registry.h"

#include <utility>

#include "ot/builtin_types.h"

namespace segue::ot {

const AnyType* TypeLookup::operator()(std::string_view name_or_uri) const {
  return registry_ != nullptr ? registry_->find(name_or_uri) : function_(name_or_uri);
}

Result<void> TypeRegistry::add_schema(const Json& in) {
  auto schema = record::Schema::parse(in);
  if (!schema) return fail(std::move(schema.error()));
  auto type = std::make_unique<const ErasedType<RecordType>>(RecordType(std::move(*schema)));
  if (find(type->name) != nullptr) {
    return fail(Errc::bad_json, "name: there is a type " + type->name + " already");
  }
  loaded_.push_back(std::move(type));
  return {};
}

const AnyType* TypeRegistry::find(std::string_view name_or_uri) const {
  for (const auto& type : loaded_) {
    if (type->name == name_or_uri) return type.get();
  }
  return find_type(name_or_uri);
}

const RecordType* TypeRegistry::find_record(std::string_view name) const {
  for (const auto& type : loaded_) {
    if (type->name == name) return &type->type();
  }
  return production_type().name == name ? &production_type() : nullptr;
}

std::vector<std::string> TypeRegistry::loaded_names() const {
  std::vector<std::string> names;
  for (const auto& type : loaded_) names.push_back(type->name);
  return names;
}

}  // namespace segue::ot
