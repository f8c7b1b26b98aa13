// What a client takes: the header Accept (RFC 9110, 12.5.1). Pure.
#pragma once

#include <string_view>

namespace segue::server {

struct Acceptance {
  int thousandths = 0;    // how much it is wanted; 0: not at all
  bool is_named = false;  // as itself, not as one of its family or as anything

  explicit operator bool() const { return thousandths > 0; }
};

// Of `type`, "text/plain": the range that fits it best decides, of equal ones the one that wants it
// most. Parameters of a type count for nothing. An empty header takes everything; a quality that is
// none counts as 1.
Acceptance acceptance_of(std::string_view type, std::string_view accept);

}  // namespace segue::server
