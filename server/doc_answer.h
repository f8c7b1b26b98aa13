// What a document's actor answers where the client wants a value, not a message. It waits for
// durability like any message. A client that is closed instead had its request not judged.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <variant>

#include "ot/document.h"
#include "ot/ids.h"
#include "ot/result.h"

namespace segue::server {

struct Committed {
  ot::Version at;
  // The document right after the op; none where the op had been committed before.
  std::optional<ot::Snapshot> after;
};

// Leases, as JSON. `refused`: it is another's, and in the way.
struct LeaseAnswer {
  std::string text;
  bool refused = false;
};

using DocAnswer = std::variant<ot::Snapshot, Committed, ot::Error, LeaseAnswer>;
using OnAnswer = std::function<void(DocAnswer)>;

}  // namespace segue::server
