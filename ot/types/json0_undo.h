// How a component of json0 that was applied is taken back, where a later one does not apply.
// Private to json0_apply.cc.
#pragma once

#include <cstddef>
#include <cstdint>

#include "ot/json.h"
#include "ot/types/json0_walk.h"

namespace segue::ot::json0_parts {

// What it needs beyond the component.
struct Displaced {
  enum class What : std::uint8_t {
    nothing,  // the component did nothing
    value,    // what stood where there is something else now, or nothing
    room,     // nothing: something was put where there was nothing
  };
  What what = What::nothing;
  Json value{};
  // Where in a list, a text, or the members of an object.
  std::uint64_t place = 0;
  // Where an element was moved to; how many were added at the end of a list.
  std::size_t other = 0;
};

// Takes `component` back. REQUIRES: nothing was changed since it was applied.
void undo(Walk& walk, const Component& component, Displaced& displaced);

}  // namespace segue::ot::json0_parts
