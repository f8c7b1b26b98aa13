// What became of an op, and when; for metrics and for the log of those that were slow.
#pragma once

#include <cstdint>
#include <string_view>

#include "ot/ids.h"

namespace segue::server {

struct OpTrace {
  const ot::DocId& doc;
  std::string_view src;
  std::string_view author;
  ot::Version committed;
  std::uint64_t late_by;  // versions that its author had not seen
  bool overwrote;         // a value of theirs
  // By DocumentHost::clock_us().
  std::int64_t received_us;
  std::int64_t applied_us;  // and queued for the disk
  std::int64_t durable_us;  // and acknowledged
};

}  // namespace segue::server
