#include "server/entry_text.h"

#include <cstdio>
#include <ctime>
#include <string_view>

#include "ot/json_text.h"

namespace segue::server {

namespace {

std::string_view kind_name(ot::OpKind kind) {
  switch (kind) {
    case ot::OpKind::create:
      return "create";
    case ot::OpKind::edit:
      return "op";
    case ot::OpKind::remove:
      return "del";
    case ot::OpKind::noop:
      return "noop";
  }
  return "?";
}

std::string quoted(std::string_view text) {
  std::string out;
  ot::print_json_string(text, out);
  return out;
}

}  // namespace

std::string utc(std::int64_t time_ms) {
  const std::time_t seconds = time_ms / 1000;
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char text[32];
  const std::size_t size = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
  char millis[8];
  std::snprintf(millis, sizeof millis, ".%03dZ", static_cast<int>(time_ms % 1000));
  return std::string(text, size) + millis;
}

std::string entry_line(const oplog::Entry& entry) {
  const std::string src = quoted(entry.src.value);
  std::string line = std::to_string(entry.version.value) + "  " + utc(entry.time_ms) + "  " +
                     entry.author + "  " + src.substr(1, src.size() - 2) + ':' +
                     std::to_string(entry.seq.value) + "  ";
  line += kind_name(entry.kind);
  for (const std::string* part : {&entry.type, &entry.payload}) {
    if (!part->empty()) {
      line += ' ' + *part;
    }
  }
  return line;
}

std::string entry_members(const oplog::Entry& entry) {
  std::string out = "\"v\":" + std::to_string(entry.version.value) + ",\"kind\":\"";
  out += kind_name(entry.kind);
  out += "\",\"src\":" + quoted(entry.src.value);
  out += ",\"seq\":" + std::to_string(entry.seq.value);
  out += ",\"time_ms\":" + std::to_string(entry.time_ms);
  out += ",\"author\":" + quoted(entry.author);
  if (!entry.type.empty()) {
    out += ",\"type\":" + quoted(entry.type);
  }
  if (!entry.payload.empty()) {
    out += entry.kind == ot::OpKind::create ? ",\"data\":" : ",\"op\":";
    out += entry.payload;
  }
  if (!entry.submitted.empty()) {
    out += ",\"submitted\":" + entry.submitted;
  }
  if (!entry.reason.empty()) {
    out += ",\"reason\":" + quoted(entry.reason);
  }
  return out;
}

std::string snapshot_members(const ot::Snapshot& snapshot) {
  std::string out = "\"v\":" + std::to_string(snapshot.version.value) + ",\"type\":";
  if (snapshot.type == nullptr) {
    return out + "null";
  }
  out += quoted(snapshot.type->uri) + ",\"data\":";
  ot::print_json(snapshot.data, out);
  return out;
}

}  // namespace segue::server
