// segue log: prints the ops of a document.

#include <cstdio>
#include <ctime>
#include <memory>
#include <string>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "ot/json_text.h"
#include "server/commands/commands.h"
#include "server/commands/tool.h"
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

void print_json_line(const oplog::Entry& entry) {
  std::string line = "{\"v\":" + std::to_string(entry.version.value) + ",\"kind\":\"";
  line += kind_name(entry.kind);
  line += "\",\"src\":";
  ot::print_json_string(entry.src.value, line);
  line += ",\"seq\":" + std::to_string(entry.seq.value);
  line += ",\"time_ms\":" + std::to_string(entry.time_ms) + ",\"author\":";
  ot::print_json_string(entry.author, line);
  if (!entry.type.empty()) {
    line += ",\"type\":";
    ot::print_json_string(entry.type, line);
  }
  if (!entry.payload.empty()) {
    line += entry.kind == ot::OpKind::create ? ",\"data\":" : ",\"op\":";
    line += entry.payload;
  }
  if (!entry.submitted.empty()) {
    line += ",\"submitted\":" + entry.submitted;
  }
  if (!entry.reason.empty()) {
    line += ",\"reason\":";
    ot::print_json_string(entry.reason, line);
  }
  std::printf("%s}\n", line.c_str());
}

void print_line(const oplog::Entry& entry) {
  std::string src;
  ot::print_json_string(entry.src.value, src);
  std::printf("%llu  %s  %s  %s:%llu  %s%s%s%s\n",
              static_cast<unsigned long long>(entry.version.value), utc(entry.time_ms).c_str(),
              entry.author.c_str(), src.substr(1, src.size() - 2).c_str(),
              static_cast<unsigned long long>(entry.seq.value),
              std::string(kind_name(entry.kind)).c_str(), entry.type.empty() ? "" : " ",
              entry.type.c_str(), entry.payload.empty() ? "" : (" " + entry.payload).c_str());
}

int print_log(const oplog::OpLog& log, const ot::DocId& doc, const Arguments& arguments) {
  auto head = log.head(doc);
  if (!head) {
    return report(head.error());
  }
  if (head->version == ot::Version{}) {
    return report({ot::Errc::log_not_found, "there is no document " + doc.str()});
  }
  const ot::Version to = std::min(head->version, ot::Version{arguments.to});
  auto printed = for_each_entry(log, doc, ot::Version{arguments.from}, to,
                                [&](const oplog::Entry& entry) -> ot::Result<void> {
                                  arguments.json ? print_json_line(entry) : print_line(entry);
                                  return {};
                                });
  return printed ? exit_ok : report(printed.error());
}

}  // namespace

void add_log(CLI::App& app, Run& run) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("log", "Print the ops of a document");
  command->add_option("doc", arguments->doc, "COLLECTION/ID")->required();
  command->add_option("--data", arguments->data, "Directory of the op log")->capture_default_str();
  command->add_option("--from", arguments->from, "First version to print");
  command->add_option("--to", arguments->to, "Version to stop before");
  command->add_flag("--json", arguments->json, "One JSON object a line");
  command->callback([arguments, &run] {
    run = [arguments] {
      const auto named = parse_doc(arguments->doc);
      if (!named) {
        report(named.error());
        return exit_usage;
      }
      return with_log(arguments->data, [&](const oplog::LmdbLog& log) {
        return print_log(log, named->doc, *arguments);
      });
    };
  });
}

}  // namespace segue::server
