// Recordings of people typing, as `segue bench trace` replays them. A recording is JSON:
//   {startContent?, endContent, txns: [{patches: [[position, deleted, inserted], ...],
//                                       agent?, parents?}, ...]}
// Positions count code points; the patches of one txn are applied one after the other. With two
// authors each txn has `agent`, who typed it, and `parents`, the indexes of the txns that its
// author's text consisted of, as far as they are not implied by one another.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "ot/json.h"

namespace segue::bench {

struct Keystroke {
  ot::Json op;             // of text-unicode
  std::size_t others = 0;  // how many txns of the other author the text consisted of
};

struct Recording {
  std::string start;
  std::string end;
  std::vector<std::vector<Keystroke>> authors;  // one or two
};

// Reads a file, or standard input for "-". Throws std::runtime_error if it is no recording.
Recording read_recording(const std::string& path);

}  // namespace segue::bench
