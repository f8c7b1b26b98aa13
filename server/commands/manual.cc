// segue man: the manual page, written from what the command line declares.

#include <cstdio>
#include <string>
#include <string_view>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "server/commands/command_tree.h"
#include "server/commands/commands.h"

namespace segue::server {

namespace {

constexpr const char* beginning = R"(.SH NAME
segue \- operational\-transform server with a durable op log
.SH SYNOPSIS
.B segue
.I COMMAND
[\fIOPTIONS\fR]
.SH DESCRIPTION
People edit the same document at the same time, and nobody's work is overwritten by somebody else's
save. Each edit is a typed op. The server transforms it against what was committed since its author
last looked, appends it to a log on disk, applies it, and acknowledges it with the new version.
.PP
The npm client
.I sharedb
connects by changing a URL; everything else can use HTTP, under
.IR /v1 .
The tools read the log while the server runs.
.SH COMMANDS
)";

constexpr const char* ending = R"(.SH SIGNALS
.TP
.B SIGTERM, SIGINT
The server drains: what it has received is settled, clients are told to come back.
.SH EXIT STATUS
.TP
.B 0
Fine.
.TP
.B 1
A finding: a damaged log, a case that comes out otherwise.
.TP
.B 2
Wrong usage.
.TP
.B 3
The environment: a port that is taken, a directory that is locked, a disk that failed.
)";

// As text that roff takes for nothing else.
std::string in_roff(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    const bool starts_line = escaped.empty() || escaped.back() == '\n';
    if (starts_line && (c == '.' || c == '\'')) escaped += "\\&";
    if (c == '\\') {
      escaped += "\\e";
    } else {
      if (c == '-') escaped += '\\';
      escaped += c;
    }
  }
  return escaped;
}

void print(const std::string& text) { std::fputs(text.c_str(), stdout); }

void print_option(const CLI::Option& option) {
  const auto flags = flags_of(option);
  std::string head =
      "\\fB" + in_roff(flags.empty() ? option.get_name() : joined(flags, ", ")) + "\\fR";
  if (!flags.empty() && takes_value(option)) {
    head += " \\fI" + in_roff(value_of(option)) + "\\fR";
  }
  std::string text = in_roff(option.get_description());
  if (option.get_required()) text += " (required)";
  if (!option.get_default_str().empty()) text += " [" + in_roff(option.get_default_str()) + "]";
  if (!option.get_envname().empty()) text += " (in the environment: " + option.get_envname() + ")";
  print(".TP\n" + head + "\n" + text + "\n");
}

void print_command(const Command& command) {
  print(".SS " + in_roff(command.path) + "\n" + in_roff(command.app->get_description()) + "\n");
  for (const CLI::Option* option : command.app->get_options()) {
    if (option != command.app->get_help_ptr()) {
      print_option(*option);
    }
  }
}

int print_manual(const CLI::App& program) {
  print(".TH SEGUE 1 \"\" \"segue " + program.version() + "\" \"User Commands\"\n");
  print(beginning);
  for (const Command& command : commands_of(program)) {
    if (command.app != &program) {
      print_command(command);
    }
  }
  print(ending);
  return exit_ok;
}

}  // namespace

void add_manual(CLI::App& app, Run& run) {
  app.add_subcommand("man", "Print the manual page: segue man | man -l -")->callback([&] {
    run = [&app] { return print_manual(app); };
  });
}

}  // namespace segue::server
