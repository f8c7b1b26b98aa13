// Projection: another name for a collection, under which some top-level fields can be seen and
// edited. Only for json0 documents.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "ot/document.h"
#include "ot/json.h"
#include "ot/op.h"
#include "ot/result.h"

namespace segue::ot {

struct Projection {
  std::string name;
  std::string collection;  // what it stands for
  std::set<std::string, std::less<>> fields;

  bool shows(std::string_view field) const { return fields.contains(field); }

  // What may be seen of a document's data: of an object the fields, of anything else null.
  Json project(const Json& data) const;
  // Errors: type_cannot_be_projected.
  Result<Snapshot> project(Snapshot snapshot) const;
  // The op without what touches other fields. Nothing may be left: then it only moves the version.
  CommittedOp project(const CommittedOp& op) const;

  // May such an op be committed? Errors: op_not_allowed_in_projection.
  Result<void> check_edit(const Json& op) const;
  Result<void> check_create(const AnyType& type, const Json* data) const;
};

}  // namespace segue::ot
