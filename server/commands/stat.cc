// segue stat: what a log, or one document of it, holds and takes up.

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>
#include <memory>
#include <string>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "oplog/lmdb_stat.h"
#include "ot/json_text.h"
#include "server/commands/commands.h"
#include "server/commands/schemas.h"
#include "server/commands/tool.h"
#include "server/entry_text.h"
#include "server/limits.h"
#include "server/rebuild.h"

namespace segue::server {

namespace {

struct Arguments {
  std::string doc;
  std::string data = "segue-data";
  bool json = false;
  std::shared_ptr<const ot::TypeRegistry> types;
};

// "12.3 MiB"
std::string size_text(std::uint64_t bytes) {
  static constexpr std::array units = {"bytes", "KiB", "MiB", "GiB", "TiB"};
  auto size = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; size >= 1024 && unit + 1 < units.size(); ++unit) {
    size /= 1024;
  }
  char text[32];
  std::snprintf(text, sizeof text, unit == 0 ? "%.0f %s" : "%.1f %s", size, units.at(unit));
  return text;
}

void print_field(const char* name, const std::string& value) {
  std::printf("%-13s %s\n", name, value.c_str());
}

std::string member(std::string_view name, std::uint64_t value) {
  return ",\"" + std::string(name) + "\":" + std::to_string(value);
}

std::string member(std::string_view name, std::string_view text) {
  std::string out = ",\"" + std::string(name) + "\":";
  ot::print_json_string(text, out);
  return out;
}

// ---- the whole log

void print_log_json(const std::string& directory, const oplog::LogStat& stat) {
  std::string line = "{\"format\":" + std::to_string(stat.format);
  line += member("directory", directory);
  line += stat.writer ? ",\"writer_pid\":" + *stat.writer : "";
  line += member("documents", stat.items("docs")) + member("ops", stat.items("ops"));
  line += member("feed", stat.items("feed")) + member("checkpoints", stat.items("checkpoints"));
  line += stat.newest_time_ms ? ",\"newest_time_ms\":" + std::to_string(*stat.newest_time_ms) : "";
  line += member("hash", oplog::hex(stat.running)) + member("file_bytes", stat.file_bytes);
  line += member("reusable_bytes", stat.reusable_bytes) + member("map_bytes", stat.map_bytes);
  line += member("disk_free_bytes", stat.disk_free_bytes) + ",\"databases\":{";
  for (const auto& database : stat.databases) {
    line += line.back() == '{' ? "\"" : ",\"";
    line += database.name + "\":{\"items\":" + std::to_string(database.items);
    line += member("bytes", database.bytes) + '}';
  }
  std::printf("%s}}\n", line.c_str());
}

void print_log(const std::string& directory, const oplog::LogStat& stat) {
  print_field("directory", directory);
  print_field("written by", stat.writer ? "process " + *stat.writer : "nobody");
  print_field("format", std::to_string(stat.format));
  print_field("documents", std::to_string(stat.items("docs")));
  print_field("ops",
              std::to_string(stat.items("ops")) +
                  (stat.newest_time_ms ? ", the newest at " + utc(*stat.newest_time_ms) : ""));
  print_field("checkpoints", std::to_string(stat.items("checkpoints")));
  print_field("feed",
              std::to_string(stat.items("feed")) + " items, hash " + oplog::hex(stat.running));
  print_field("file", size_text(stat.file_bytes) + ", of which " + size_text(stat.reusable_bytes) +
                          " are free to be written again");
  print_field("room", size_text(stat.disk_free_bytes) + " free on the disk; the file can grow to " +
                          size_text(stat.map_bytes));
  std::printf("\n%-13s %12s %14s\n", "database", "items", "size");
  for (const auto& database : stat.databases) {
    std::printf("%-13s %12s %14s\n", database.name.c_str(), std::to_string(database.items).c_str(),
                size_text(database.bytes).c_str());
  }
}

int stat_log(const oplog::LmdbLog& log, const Arguments& arguments) {
  const auto stat = oplog::stat(log);
  if (!stat) {
    return report(stat.error());
  }
  arguments.json ? print_log_json(arguments.data, *stat) : print_log(arguments.data, *stat);
  return exit_ok;
}

// ---- one document

struct DocumentStat {
  ot::Snapshot snapshot;
  std::uint64_t op_bytes = 0;
  std::int64_t first_time_ms = 0;
  std::int64_t last_time_ms = 0;
  std::uint64_t checkpoints = 0;
  std::uint64_t checkpoint_bytes = 0;
  std::map<std::string, std::uint64_t> ops_by_author;

  std::uint64_t ops() const { return snapshot.version.value; }
  std::string type() const {
    return snapshot.type == nullptr ? "" : std::string(snapshot.type->uri);
  }
  std::uint64_t bytes() const {
    return snapshot.type == nullptr ? 0 : snapshot.data.printed_bytes();
  }
};

ot::Result<void> add_ops(const oplog::OpLog& log, const ot::DocId& doc, ot::Version head,
                         DocumentStat& stat) {
  return for_each_entry(log, doc, ot::Version{}, head, [&](const oplog::Entry& entry) {
    stat.op_bytes += oplog::entry_bytes(entry);
    stat.first_time_ms = stat.ops_by_author.empty() ? entry.time_ms : stat.first_time_ms;
    stat.last_time_ms = entry.time_ms;
    ++stat.ops_by_author[entry.author];
    return ot::Result<void>();
  });
}

// From the newest to the oldest.
ot::Result<void> add_checkpoints(const oplog::OpLog& log, const ot::DocId& doc, ot::Version head,
                                 DocumentStat& stat) {
  for (ot::Version at = head; at > ot::Version{};) {
    const auto checkpoint = log.checkpoint(doc, at);
    if (!checkpoint) {
      return ot::fail(checkpoint.error());
    }
    if (!*checkpoint) {
      return {};
    }
    ++stat.checkpoints;
    stat.checkpoint_bytes += (*checkpoint)->data.size();
    at.value = (*checkpoint)->version.value - 1;
  }
  return {};
}

void print_document_json(const ot::DocId& doc, const DocumentStat& stat) {
  std::string line = "{\"v\":" + std::to_string(stat.ops());
  line += member("collection", doc.collection) + member("id", doc.id);
  line += stat.snapshot.type == nullptr ? ",\"type\":null" : member("type", stat.type());
  line += member("bytes", stat.bytes()) + member("ops", stat.ops());
  line += member("op_bytes", stat.op_bytes) + member("checkpoints", stat.checkpoints);
  line += member("checkpoint_bytes", stat.checkpoint_bytes);
  line += ",\"first_time_ms\":" + std::to_string(stat.first_time_ms);
  line += ",\"last_time_ms\":" + std::to_string(stat.last_time_ms) + ",\"authors\":{";
  for (const auto& [author, ops] : stat.ops_by_author) {
    line += line.back() == '{' ? "" : ",";
    ot::print_json_string(author, line);
    line += ':' + std::to_string(ops);
  }
  std::printf("%s}}\n", line.c_str());
}

void print_document(const ot::DocId& doc, const DocumentStat& stat) {
  print_field("document", doc.str());
  print_field("version", std::to_string(stat.ops()));
  print_field("type", stat.snapshot.type == nullptr ? "(does not exist)" : stat.type());
  print_field("size", size_text(stat.bytes()) + " as JSON");
  print_field("ops", std::to_string(stat.ops()) + ", " + size_text(stat.op_bytes));
  print_field("checkpoints",
              std::to_string(stat.checkpoints) + ", " + size_text(stat.checkpoint_bytes));
  print_field("first op", utc(stat.first_time_ms));
  print_field("newest op", utc(stat.last_time_ms));
  for (const auto& [author, ops] : stat.ops_by_author) {
    print_field("author", author + ", " + std::to_string(ops) + " ops");
  }
}

int stat_document(const oplog::OpLog& log, const ot::DocId& doc, const Arguments& arguments) {
  const auto head = existing_head(log, doc);
  if (!head) {
    return report(head.error());
  }
  const auto rebuilt =
      rebuild(log, doc, head->version, Limits().document, arguments.types->lookup());
  if (!rebuilt) {
    return report(rebuilt.error());
  }
  DocumentStat stat;
  stat.snapshot = rebuilt->document.snapshot();
  if (auto added = add_ops(log, doc, head->version, stat); !added) {
    return report(added.error());
  }
  if (auto added = add_checkpoints(log, doc, head->version, stat); !added) {
    return report(added.error());
  }
  arguments.json ? print_document_json(doc, stat) : print_document(doc, stat);
  return rebuilt->document.unknown_type() ? report(unknown_type(doc)) : exit_ok;
}

int stat(const Arguments& arguments) {
  if (arguments.doc.empty()) {
    return with_log(arguments.data,
                    [&](const oplog::LmdbLog& log) { return stat_log(log, arguments); });
  }
  const auto doc = parse_doc(arguments.doc);
  if (!doc) {
    report(doc.error());
    return exit_usage;
  }
  return with_log(arguments.data,
                  [&](const oplog::LmdbLog& log) { return stat_document(log, *doc, arguments); });
}

}  // namespace

void add_stat(CLI::App& app, Run& run) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command =
      app.add_subcommand("stat", "Print what a log, or a document in it, holds and takes up");
  command->add_option("doc", arguments->doc, "COLLECTION/ID; without it, the whole log");
  add_data_option(*command, arguments->data);
  command->add_flag("--json", arguments->json, "One JSON object");
  arguments->types = add_schemas(*command);
  command->callback([arguments, &run] { run = [arguments] { return stat(*arguments); }; });
}

}  // namespace segue::server
