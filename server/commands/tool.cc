#include "server/commands/tool.h"

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <utility>

#include <signal.h>  // NOLINT(modernize-deprecated-headers): sigaction is POSIX.
#include <sys/wait.h>
#include <unistd.h>

#include "server/commands/commands.h"

namespace segue::server {

namespace {

using Use = std::function<int(const oplog::LmdbLog& log)>;
using Failed = std::function<int(const ot::Error& error)>;

int open_and_use(const std::string& directory, const Use& use, const Failed& failed) {
  oplog::LmdbLog::Options options;
  options.mode = oplog::LmdbMode::reader;
  auto log = oplog::LmdbLog::open(directory, std::move(options));
  const int code = log ? use(**log) : failed(log.error());
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
    return report({ot::Errc::log_io, "the output could not be written"});
  }
  return code;
}

// LMDB asserts, or follows a page number to where there is no page.
bool tells_of_damage(int signal) {
  return signal == SIGBUS || signal == SIGSEGV || signal == SIGABRT || signal == SIGFPE ||
         signal == SIGILL;
}

// As the child did: by a closed pipe, or because somebody ended it.
int end_by(int signal) {
  struct sigaction by_default {};
  by_default.sa_handler = SIG_DFL;
  sigaction(signal, &by_default, nullptr);
  raise(signal);
  return exit_environment;
}

}  // namespace

int with_log(const std::string& directory, const Use& use, const Failed& failed) {
  std::fflush(nullptr);
  const pid_t child = fork();
  if (child < 0) {
    std::perror("segue: fork");
    return exit_environment;
  }
  if (child == 0) {
    const int code = open_and_use(directory, use, failed);
    std::fflush(nullptr);
    _exit(code);
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(status)) {
    return WEXITSTATUS(status);
  }
  const int signal = WTERMSIG(status);
  if (!tells_of_damage(signal)) {
    return end_by(signal);
  }
  return failed({ot::Errc::log_corrupt, "the log in " + directory +
                                            " is damaged: reading it ended " + "with signal " +
                                            std::to_string(signal)});
}

void add_data_option(CLI::App& command, std::string& directory) {
  command.add_option("--data", directory, "Directory of the op log")
      ->envname("SEGUE_DATA")
      ->capture_default_str();
}

int report(const ot::Error& error) {
  std::fprintf(stderr, "segue: %s\n", error.detail.c_str());
  if (error.code != ot::Errc::log_corrupt) {
    return exit_environment;
  }
  std::fprintf(stderr,
               "segue: copy the directory before anything else is tried; `segue verify` names the "
               "first bad record, and documents without one can still be read\n");
  return exit_finding;
}

ot::Result<oplog::Head> existing_head(const oplog::OpLog& log, const ot::DocId& doc) {
  auto head = log.head(doc);
  if (head && head->version == ot::Version{}) {
    return ot::fail(ot::Errc::log_not_found, "there is no document " + doc.str());
  }
  return head;
}

ot::Error unknown_type(const ot::DocId& doc) {
  return {ot::Errc::doc_type_not_recognized,
          "the type of " + doc.str() + " is not known to this program"};
}

ot::Result<ot::DocId> parse_doc(std::string_view text) {
  const auto slash = text.find('/');
  if (slash == text.npos || slash == 0 || slash + 1 == text.size()) {
    return ot::fail(ot::Errc::uncoded,
                    "'" + std::string(text) + "' does not name a document: COLLECTION/ID");
  }
  return ot::DocId{std::string(text.substr(0, slash)), std::string(text.substr(slash + 1))};
}

ot::Result<DocAt> parse_doc_at(std::string_view text) {
  auto doc = parse_doc(text);
  if (!doc) {
    return ot::fail(std::move(doc.error()));
  }
  DocAt named{std::move(*doc), {}};
  const auto at = named.doc.id.rfind('@');
  if (at == std::string::npos) {
    return named;
  }
  std::uint64_t version = 0;
  const char* end = named.doc.id.data() + named.doc.id.size();
  const auto [stop, error] = std::from_chars(named.doc.id.data() + at + 1, end, version);
  if (error == std::errc() && stop == end) {
    named.version = ot::Version{version};
    named.doc.id.resize(at);
  }
  return named;
}

}  // namespace segue::server
