// Overview: the largest and the busiest documents, and the connections; for the page at /admin. It
// is small however many there are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "ot/ids.h"
#include "server/client.h"
#include "server/live.h"

namespace segue::server {

struct DocumentInfo {
  ot::DocId doc;
  ot::Version version;
  std::size_t memory_bytes = 0;
  std::uint64_t ops_per_minute = 0;
  std::size_t subscribers = 0;
};

struct Overview {
  static constexpr std::size_t documents_max = 20;
  static constexpr std::size_t connections_max = 100;

  Live live;
  std::vector<DocumentInfo> largest;
  std::vector<DocumentInfo> busiest;        // those that had ops in the last minute or two
  std::vector<ConnectionInfo> connections;  // with the fullest outboxes, then the oldest

  // Keeps those of both that come first.
  Overview& operator+=(const Overview& other);
};

}  // namespace segue::server
