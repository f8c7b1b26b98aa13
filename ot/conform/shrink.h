// Makes a failing situation smaller while it keeps failing.
//
// Two ways: the engine takes something out of the document and moves the ops along with it; and
// plain JSON is made smaller, part by part. What comes out need not make sense: that is for
// `still_fails` to say.
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "ot/conform/cases.h"
#include "ot/json.h"
#include "ot/type_registry.h"

namespace segue::conform {

// JSON values that are smaller than this one, the smallest first: less in it, shorter strings,
// numbers nearer to 0.
std::vector<ot::Json> smaller(const ot::Json& value);

// The smallest situation found in at most `tries` calls of `still_fails`. Which one, depends on
// nothing but the arguments.
ot::Json shrink(ot::Json situation, const TypeCases& cases, const ot::TypeRegistry& types,
                std::size_t tries, const std::function<bool(const ot::Json&)>& still_fails);

}  // namespace segue::conform
