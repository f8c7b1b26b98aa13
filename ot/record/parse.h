// Whether data fits a schema: what parsing an op, creating and diffing share. Errors name the path
// and the rule: op_badly_formed, bad_string.
#pragma once

#include "ot/json_view.h"
#include "ot/record/schema.h"
#include "ot/result.h"

namespace segue::ot::record {

// With Check::limits also refuses what is not declared and misses what is required.
Result<void> check_element(JsonView element, const Fields& fields, Check how);
// The whole data of a document.
Result<void> check_record(const Json& data, const Schema& schema);

}  // namespace segue::ot::record
