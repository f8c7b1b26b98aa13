// segue log: prints the ops of a document.

#include <cstdio>
#include <memory>
#include <string>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "server/commands/commands.h"
#include "server/commands/tool.h"
#include "server/entry_text.h"
#include "server/rebuild.h"

namespace segue::server {

namespace {

struct Arguments {
  std::string doc;
  std::string data = "segue-data";
  std::uint64_t from = 0;
  std::uint64_t to = UINT64_MAX;
  bool json = false;
};

int print_log(const oplog::OpLog& log, const ot::DocId& doc, const Arguments& arguments) {
  auto head = existing_head(log, doc);
  if (!head) {
    return report(head.error());
  }
  const ot::Version to = std::min(head->version, ot::Version{arguments.to});
  auto printed = for_each_entry(log, doc, ot::Version{arguments.from}, to,
                                [&](const oplog::Entry& entry) -> ot::Result<void> {
                                  const std::string line = arguments.json
                                                               ? '{' + entry_members(entry) + '}'
                                                               : entry_line(entry);
                                  std::printf("%s\n", line.c_str());
                                  return {};
                                });
  return printed ? exit_ok : report(printed.error());
}

}  // namespace

void add_log(CLI::App& app, Run& run) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("log", "Print the ops of a document");
  command->add_option("doc", arguments->doc, "COLLECTION/ID")->required();
  add_data_option(*command, arguments->data);
  command->add_option("--from", arguments->from, "First version to print")
      ->check(CLI::NonNegativeNumber);
  command->add_option("--to", arguments->to, "Version to stop before")
      ->check(CLI::NonNegativeNumber);
  command->add_flag("--json", arguments->json, "One JSON object a line");
  command->callback([arguments, &run] {
    run = [arguments] {
      const auto named = parse_doc(arguments->doc);
      if (!named) {
        report(named.error());
        return exit_usage;
      }
      return with_log(arguments->data, [&](const oplog::LmdbLog& log) {
        return print_log(log, *named, *arguments);
      });
    };
  });
}

}  // namespace segue::server
