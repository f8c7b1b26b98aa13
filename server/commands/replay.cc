// segue replay: shows what each op of a document did, and that the engine applies it.

#include <algorithm>
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
  std::uint64_t from = 0;
  std::uint64_t to = UINT64_MAX;
  bool json = false;
  std::shared_ptr<const ot::TypeRegistry> types;
};

// What an op left, under it.
std::string after_text(const ot::Document& document) {
  const ot::Snapshot snapshot = document.snapshot();
  if (document.unknown_type()) {
    return "    (its type is not known to this program)";
  }
  return "    " + (snapshot.type == nullptr ? "(does not exist)" : ot::json_text(snapshot.data));
}

std::string after_members(const ot::Document& document) {
  return document.unknown_type() ? "\"after\":null"
                                 : "\"after\":{" + snapshot_members(document.snapshot()) + '}';
}

int replay(const oplog::OpLog& log, const ot::DocId& doc, const Arguments& arguments) {
  const auto head = existing_head(log, doc);
  if (!head) {
    return report(head.error());
  }
  const ot::Version from = std::min(head->version, ot::Version{arguments.from});
  const ot::Version to = std::min(head->version, ot::Version{arguments.to});
  auto rebuilt = rebuild(log, doc, from, Limits().document, arguments.types->lookup());
  if (!rebuilt) {
    return report(rebuilt.error());
  }
  ot::Document& document = rebuilt->document;
  const auto show = [&](oplog::Entry entry) {
    std::string shown = arguments.json ? entry_members(entry) : entry_line(entry);
    auto applied = document.replay(committed_op(std::move(entry)));
    if (!applied) {
      applied.error().detail.insert(0, doc.str() + ": ");
      return applied;
    }
    if (arguments.json) {
      std::printf("{%s,%s}\n", shown.c_str(), after_members(document).c_str());
    } else {
      std::printf("%s\n%s\n", shown.c_str(), after_text(document).c_str());
    }
    return applied;
  };
  const auto replayed = for_each_entry(log, doc, from, to, show);
  if (!replayed) {
    return report(replayed.error());
  }
  return document.unknown_type() ? report(unknown_type(doc)) : exit_ok;
}

}  // namespace

void add_replay(CLI::App& app, Run& run) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand(
      "replay", "Apply the ops of a document one by one, and print it after each");
  command->add_option("doc", arguments->doc, "COLLECTION/ID")->required();
  add_data_option(*command, arguments->data);
  command->add_option("--from", arguments->from, "First op to print, by its version")
      ->check(CLI::NonNegativeNumber);
  command->add_option("--to", arguments->to, "Version to stop before")
      ->check(CLI::NonNegativeNumber);
  command->add_flag("--json", arguments->json,
                    "One JSON object a line: the op as `segue log` prints it, and `after`");
  arguments->types = add_schemas(*command);
  command->callback([arguments, &run] {
    run = [arguments] {
      const auto named = parse_doc(arguments->doc);
      if (!named) {
        report(named.error());
        return exit_usage;
      }
      return with_log(arguments->data,
                      [&](const oplog::LmdbLog& log) { return replay(log, *named, *arguments); });
    };
  });
}

}  // namespace segue::server
