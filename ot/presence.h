// A presence: what a client tells others of itself in a channel, such as where its cursor is.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "ot/ids.h"
#include "ot/json.h"
#include "ot/type.h"

namespace segue::ot {

struct Presence {
  std::string channel;
  std::string id;            // chosen by the client, for each cursor one
  ClientId src;              // the connection's
  Json value;                // null: it is gone
  std::uint64_t number = 0;  // of the updates under this id; "pv" on the wire

  // Of a place in a document.
  std::optional<DocId> doc;        // as the client named it
  std::optional<Version> version;  // of the document the value belongs to
  const AnyType* type = nullptr;   // the value's; null where none was named
};

}  // namespace segue::ot
