// The names of JavaScript's Object.prototype. A name or a path that is one of them would reach a
// JavaScript client's own objects, so ShareDB refuses them, and so do we.
#pragma once

#include <string_view>

namespace segue::ot {

bool is_prototype_name(std::string_view name);

}  // namespace segue::ot
