// segue verify: proves that a log is whole: every hash and link, and every document replayed.

#include "oplog/verify.h"

#include <cstdio>
#include <memory>
#include <string>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <unistd.h>

#include "ot/json_text.h"
#include "server/commands/commands.h"
#include "server/commands/schemas.h"
#include "server/commands/tool.h"
#include "server/limits.h"
#include "server/rebuild.h"

namespace segue::server {

namespace {

struct Arguments {
  std::string data = "segue-data";
  bool json = false;
  std::shared_ptr<const ot::TypeRegistry> types;
};

// Applies every op to a document, and compares it with each checkpoint on the way.
class Replay : public oplog::ReplayVisitor {
 public:
  explicit Replay(ot::TypeLookup types) : types_(types) {}

  ot::Result<void> on_document(const ot::DocId& doc) override {
    doc_ = doc;
    document_ = ot::Document(Limits().document, types_);
    return {};
  }
  ot::Result<void> on_op(const oplog::Entry& entry) override {
    auto replayed = document_.replay(committed_op(entry));
    if (!replayed) {
      replayed.error().detail.insert(0, doc_.str() + ": ");
    }
    return replayed;
  }
  ot::Result<void> on_checkpoint(const oplog::Checkpoint& checkpoint) override {
    const ot::Snapshot snapshot = document_.snapshot();
    const bool exists = snapshot.type != nullptr;
    const bool same = document_.unknown_type() ||
                      ((exists ? snapshot.type->uri : "") == checkpoint.type &&
                       (exists ? ot::json_text(snapshot.data) : "") == checkpoint.data);
    if (same) {
      return {};
    }
    return ot::fail(ot::Errc::log_corrupt, "the checkpoint of " + doc_.str() + "@" +
                                               std::to_string(checkpoint.version.value) +
                                               " differs from the document replayed");
  }

 private:
  ot::TypeLookup types_;
  ot::DocId doc_;
  ot::Document document_{Limits().document, types_};
};

// The members of a JSON object that say what is wrong.
std::string fault_members(const ot::Error& fault) {
  std::string out = "\"ok\":false,\"fault\":";
  ot::print_json_string(fault.detail, out);
  return out;
}

std::string members(const oplog::VerifyReport& report) {
  return (report.fault ? fault_members(*report.fault) : "\"ok\":true") +
         ",\"documents\":" + std::to_string(report.documents) +
         ",\"ops\":" + std::to_string(report.ops) +
         ",\"checkpoints\":" + std::to_string(report.checkpoints) + ",\"hash\":\"" +
         oplog::hex(report.running) + '"';
}

int print_fault(const ot::Error& fault, const std::string& json) {
  if (!json.empty()) {
    std::printf("{%s}\n", json.c_str());
  } else {
    std::printf("damaged: %s\n", fault.detail.c_str());
  }
  std::fflush(stdout);
  std::fprintf(stderr,
               "segue: copy the directory before anything else is tried, then put back a backup; "
               "`segue show` and `segue log` still read documents that are whole\n");
  return exit_finding;
}

int print_report(const oplog::VerifyReport& report, bool json) {
  if (report.fault) {
    return print_fault(*report.fault, json ? members(report) : "");
  }
  if (json) {
    std::printf("{%s}\n", members(report).c_str());
    return exit_ok;
  }
  std::printf("whole: %s documents, %s ops, %s checkpoints\nhash of the whole log: %s\n",
              std::to_string(report.documents).c_str(), std::to_string(report.ops).c_str(),
              std::to_string(report.checkpoints).c_str(), oplog::hex(report.running).c_str());
  return exit_ok;
}

// The log could not even be opened, or reading it ended the process.
int report_unread(const ot::Error& error, bool json) {
  return error.code == ot::Errc::log_corrupt ? print_fault(error, json ? fault_members(error) : "")
                                             : report(error);
}

int verify_log(const oplog::LmdbLog& log, const Arguments& arguments) {
  Replay replay(arguments.types->lookup());
  oplog::VerifyOptions options;
  options.visitor = &replay;
  const bool terminal = isatty(STDERR_FILENO) == 1;
  if (terminal) {
    options.progress = [](std::uint64_t done, std::uint64_t total) {
      std::fprintf(
          stderr, "\rverifying %3.0f %%",
          total == 0 ? 100.0 : 100.0 * static_cast<double>(done) / static_cast<double>(total));
    };
  }
  const oplog::VerifyReport report = oplog::verify(log, options);
  if (terminal) {
    std::fprintf(stderr, "\r\033[K");
  }
  return print_report(report, arguments.json);
}

}  // namespace

void add_verify(CLI::App& app, Run& run) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand(
      "verify", "Check every hash and link of the log, and replay every document");
  add_data_option(*command, arguments->data);
  command->add_flag("--json", arguments->json, "One JSON object");
  arguments->types = add_schemas(*command);
  command->callback([arguments, &run] {
    run = [arguments] {
      return with_log(
          arguments->data, [&](const oplog::LmdbLog& log) { return verify_log(log, *arguments); },
          [&](const ot::Error& error) { return report_unread(error, arguments->json); });
    };
  });
}

}  // namespace segue::server
