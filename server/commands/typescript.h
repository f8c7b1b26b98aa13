// TypeScript types of a schema, for the package in clients/js.
#pragma once

#include <string>
#include <string_view>

#include "ot/record/schema.h"

namespace segue::server {

// A module with the types of the document and of each entity: of their data, and of the typed
// fields by which clients read and edit them. `imported_from` is the module that has the latter.
std::string typescript_of(const ot::record::Schema& schema, std::string_view imported_from);

}  // namespace segue::server
