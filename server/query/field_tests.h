// The operators of filters as tests of a field. Private to Filter.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "ot/json.h"
#include "server/query/filter_node.h"

namespace segue::query {

enum class Comparison { less, at_most, greater, at_least };

// Each holds if it does for the value, or for an element of it where that is a list.
TestPtr equals_any(std::vector<ot::Json> values);  // null: also where there is nothing
TestPtr compares(Comparison comparison, ot::Json bound);
TestPtr has_all(std::vector<ot::Json> values);

TestPtr exists(bool wanted);
TestPtr has_size(std::size_t size);
// A list with an element for which all this holds.
TestPtr has_element(FilterNodePtr filter);        // an object of that kind
TestPtr has_element(std::vector<TestPtr> tests);  // a value of that kind
TestPtr negated(std::vector<TestPtr> tests);

}  // namespace segue::query
