// How one text becomes another.
#pragma once

#include "ot/diff/myers.h"
#include "ot/text.h"

namespace segue::ot {

// Runs of code points: a shortest script, or, where that has more than 1,000 edits, what lies
// between the common beginning and end.
EditScript text_script(const Text& from, const Text& to);

}  // namespace segue::ot
