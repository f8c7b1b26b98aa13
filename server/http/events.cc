#include "server/http/events.h"

#include "ot/json_text.h"
#include "server/entry_text.h"

namespace segue::server {

namespace {

constexpr std::size_t page_bytes_max = 1u << 20;

ot::Result<EventPage> read_document(const oplog::OpLog& log, const ot::DocId& doc,
                                    std::uint64_t after, std::size_t limit, Scope scope) {
  const ot::Version from{after};
  const auto entries = log.read(doc, from, from + limit, page_bytes_max);
  if (!entries) {
    return ot::fail(entries.error());
  }
  EventPage page{{}, after + entries->size(), !entries->empty()};
  for (const oplog::Entry& entry : *entries) {
    page.events.push_back({entry.version.value + 1, '{' + entry_members(scope.seen(entry)) + '}'});
  }
  return page;
}

std::string feed_data(std::uint64_t number, const oplog::Entry& entry) {
  std::string out = "{\"number\":" + std::to_string(number) + ",\"collection\":";
  ot::print_json_string(entry.doc.collection, out);
  out += ",\"id\":";
  ot::print_json_string(entry.doc.id, out);
  return out + ",\"op\":{" + entry_members(entry) + "}}";
}

ot::Result<EventPage> read_feed(const oplog::OpLog& log, const NewsTopic& topic,
                                std::uint64_t after, std::size_t limit, Scope scope) {
  const auto items = log.feed(after, limit);
  if (!items) {
    return ot::fail(items.error());
  }
  EventPage page{{}, after, !items->empty()};
  std::size_t bytes = 0;
  for (const oplog::FeedItem& item : *items) {
    if (bytes >= page_bytes_max) {
      break;
    }
    page.position = item.number;
    if (topic.collection && *topic.collection != item.doc.collection) {
      continue;
    }
    const auto entry = log.read(item.doc, item.version, item.version + 1, 1);
    if (!entry) {
      return ot::fail(entry.error());
    }
    page.events.push_back({item.number, feed_data(item.number, scope.seen(entry->front()))});
    bytes += page.events.back().data.size();
  }
  return page;
}

}  // namespace

ot::Result<EventPage> read_events(const oplog::OpLog& log, const NewsTopic& topic,
                                  std::uint64_t after, std::size_t limit, Scope scope) {
  if (topic.id) {
    return read_document(log, {*topic.collection, *topic.id}, after, limit, scope);
  }
  return read_feed(log, topic, after, limit, scope);
}

std::string event_text(std::string_view name, const Event& event) {
  std::string out = "id: " + std::to_string(event.position) + "\nevent: ";
  out += name;
  return out + "\ndata: " + event.data + "\n\n";
}

}  // namespace segue::server
