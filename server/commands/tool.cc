#include "server/commands/tool.h"

#include <charconv>
#include <utility>

#include <sys/wait.h>
#include <unistd.h>

#include "server/commands/commands.h"

namespace segue::server {

namespace {

int open_and_use(const std::string& directory,
                 const std::function<int(const oplog::LmdbLog& log)>& use) {
  oplog::LmdbLog::Options options;
  options.mode = oplog::LmdbMode::reader;
  auto log = oplog::LmdbLog::open(directory, std::move(options));
  return log ? use(**log) : report(log.error());
}

}  // namespace

int with_log(const std::string& directory,
             const std::function<int(const oplog::LmdbLog& log)>& use) {
  std::fflush(nullptr);
  const pid_t child = fork();
  if (child < 0) {
    std::perror("segue: fork");
    return exit_environment;
  }
  if (child == 0) {
    const int code = open_and_use(directory, use);
    std::fflush(nullptr);
    _exit(code);
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(status)) {
    return WEXITSTATUS(status);
  }
  std::fprintf(
      stderr,
      "segue: the log in %s is damaged: reading it ended with signal %d; restore it from a "
      "backup, or copy the directory before anything else is tried\n",
      directory.c_str(), WTERMSIG(status));
  return exit_finding;
}

int report(const ot::Error& error) {
  std::fprintf(stderr, "segue: %s\n", error.detail.c_str());
  return error.code == ot::Errc::log_corrupt ? exit_finding : exit_environment;
}

ot::Result<DocAt> parse_doc(std::string_view text) {
  const auto slash = text.find('/');
  if (slash == text.npos || slash == 0 || slash + 1 == text.size()) {
    return ot::fail(ot::Errc::uncoded, "'" + std::string(text) +
                                           "' does not name a document: COLLECTION/ID[@VERSION]");
  }
  DocAt named{{std::string(text.substr(0, slash)), std::string(text.substr(slash + 1))}, {}};
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
