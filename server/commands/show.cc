// segue show: prints a document as it is, or as it was at a version.

#include <cstdio>
#include <memory>
#include <string>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

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

void print_snapshot(const ot::DocId& doc, const ot::Snapshot& snapshot, bool json) {
  const std::string data = snapshot.type == nullptr ? "" : ot::json_text(snapshot.data);
  if (!json) {
    std::printf(
        "%s@%llu %s\n%s%s", doc.str().c_str(),
        static_cast<unsigned long long>(snapshot.version.value),
        snapshot.type == nullptr ? "(does not exist)" : std::string(snapshot.type->name).c_str(),
        data.c_str(), data.empty() ? "" : "\n");
    return;
  }
  std::string line = "{\"collection\":";
  ot::print_json_string(doc.collection, line);
  line += ",\"id\":";
  ot::print_json_string(doc.id, line);
  line += ',' + snapshot_members(snapshot) + '}';
  std::printf("%s\n", line.c_str());
}

// Of a type that is not known here, so that edits since are not in it.
void print_raw(const ot::DocId& doc, const RawSnapshot& raw, bool json) {
  const auto version = static_cast<unsigned long long>(raw.version.value);
  const auto head = static_cast<unsigned long long>(raw.head.value);
  const std::string data = raw.data.empty() ? "null" : raw.data;
  if (!json) {
    std::printf("%s@%llu %s, which is not known here; raw, without the edits up to %llu\n%s\n",
                doc.str().c_str(), version, raw.type.c_str(), head, data.c_str());
    return;
  }
  std::string line = "{\"collection\":";
  ot::print_json_string(doc.collection, line);
  line += ",\"id\":";
  ot::print_json_string(doc.id, line);
  line += ",\"v\":" + std::to_string(version) + ",\"type\":";
  ot::print_json_string(raw.type, line);
  line += ",\"data\":" + data + ",\"raw\":true,\"head\":" + std::to_string(head) + '}';
  std::printf("%s\n", line.c_str());
}

int show(const oplog::OpLog& log, const DocAt& named, const Arguments& arguments) {
  auto head = existing_head(log, named.doc);
  if (!head) {
    return report(head.error());
  }
  if (named.version && *named.version > head->version) {
    return report({ot::Errc::log_not_found, named.doc.str() + " has only " +
                                                std::to_string(head->version.value) + " versions"});
  }
  auto rebuilt =
      rebuild(log, named.doc, named.version, Limits().document, arguments.types->lookup());
  if (!rebuilt) {
    return report(rebuilt.error());
  }
  if (rebuilt->document.unknown_type()) {
    const auto raw = raw_snapshot(log, named.doc, named.version);
    if (!raw) {
      return report(raw.error());
    }
    print_raw(named.doc, *raw, arguments.json);
    return exit_ok;
  }
  print_snapshot(named.doc, rebuilt->document.snapshot(), arguments.json);
  return exit_ok;
}

}  // namespace

void add_show(CLI::App& app, Run& run) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("show", "Print a document, now or at a version");
  command->add_option("doc", arguments->doc, "COLLECTION/ID[@VERSION]")->required();
  add_data_option(*command, arguments->data);
  command->add_flag("--json", arguments->json, "One JSON object");
  arguments->types = add_schemas(*command);
  command->callback([arguments, &run] {
    run = [arguments] {
      const auto named = parse_doc_at(arguments->doc);
      if (!named) {
        report(named.error());
        return exit_usage;
      }
      return with_log(arguments->data,
                      [&](const oplog::LmdbLog& log) { return show(log, *named, *arguments); });
    };
  });
}

}  // namespace segue::server
