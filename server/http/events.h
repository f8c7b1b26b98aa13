// Events: the ops of a document, a collection or of all documents after a position, read from the
// log page by page. What waits for a slow reader waits in the log.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "oplog/op_log.h"
#include "server/http/scope.h"
#include "server/news.h"

namespace segue::server {

struct Event {
  std::uint64_t position;  // after it
  std::string data;        // one line of JSON
};

struct EventPage {
  std::vector<Event> events;
  std::uint64_t position;  // to go on from; ops of other topics may lie before it
  bool more;               // there may be
};

// At most `limit` events, and about 1 MiB. A position is the version of a document; elsewhere a
// number of the feed. Errors: those of the log.
ot::Result<EventPage> read_events(const oplog::OpLog& log, const NewsTopic& topic,
                                  std::uint64_t after, std::size_t limit, Scope scope = {});

// As text/event-stream.
std::string event_text(std::string_view name, const Event& event);

}  // namespace segue::server
