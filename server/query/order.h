// The order of values in queries, after MongoDB's: nothing and null, numbers, strings, objects,
// lists, booleans; within a kind by value. Strings by their bytes in UTF-8, which is the order of
// code points. Pure.
#pragma once

#include <compare>

#include "ot/json.h"

namespace segue::query {

// A null pointer stands for nothing, and equals null.
std::weak_ordering compare(const ot::Json* a, const ot::Json* b);

// Of one kind, so that `$lt` and the like apply.
bool is_same_kind(const ot::Json& a, const ot::Json& b);

}  // namespace segue::query
