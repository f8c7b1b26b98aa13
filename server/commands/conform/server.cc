// segue conform server: runs the transcripts of spec/transcripts against a server.
#include <chrono>
#include <cstdio>
#include <map>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "clients/cpp/url.h"
#include "ot/json_text.h"
#include "server/commands/commands.h"
#include "server/commands/conform/parts.h"
#include "server/commands/conform/run_transcript.h"
#include "server/commands/conform/transcripts.h"
#include "server/random_id.h"

namespace segue::server {

namespace {

struct Options {
  std::string url;
  std::string type;
  std::string only;
  bool json = false;
  bool list = false;
  std::uint32_t patience_ms = 5'000;
};

std::vector<Transcript> all_transcripts() {
  std::vector<Transcript> all;
  for (const std::string_view text : transcript_texts) {
    auto parsed = parse_transcripts(text);
    if (!parsed) throw std::runtime_error(parsed.error().detail);
    for (Transcript& transcript : *parsed) all.push_back(std::move(transcript));
  }
  return all;
}

// What a server may lack: a feature, or a type other than json0.
std::string needed_by(const Transcript& transcript) {
  if (!transcript.feature.empty()) return transcript.feature;
  return transcript.type == "json0" ? "" : transcript.type;
}

// A probe is needed by all that it stands for.
std::vector<Transcript> chosen(const Options& options) {
  const std::vector<Transcript> all = all_transcripts();
  const auto is_chosen = [&](const Transcript& transcript) {
    const bool is_of_type = options.type.empty() || transcript.type == options.type;
    return is_of_type && transcript.name.find(options.only) != std::string::npos;
  };
  std::set<std::string> needed;
  for (const Transcript& transcript : all) {
    if (is_chosen(transcript)) needed.insert(needed_by(transcript));
  }
  std::vector<Transcript> found;
  for (const Transcript& transcript : all) {
    const bool is_needed = transcript.is_probe && needed.count(needed_by(transcript)) == 1;
    if (is_chosen(transcript) || is_needed) found.push_back(transcript);
  }
  return found;
}

std::string_view word_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::passed:
      return "passed";
    case Verdict::hole:
      return "known hole";
    case Verdict::failed:
      return "failed";
    case Verdict::skipped:
      return "not offered";
  }
  return "";
}

struct Row {
  const Transcript* transcript;
  Ran ran;
};

// A server that is gone fails what is left; one that never was there is no server.
Ran run_or_fail(const Transcript& transcript, const client::Url& url, const std::string& tag,
                const Options& options, bool is_first) {
  try {
    return run_transcript(transcript, url, tag, std::chrono::milliseconds(options.patience_ms));
  } catch (const std::runtime_error& error) {
    if (is_first) throw;
    return {Verdict::failed, error.what()};
  }
}

std::vector<Row> run_all(const std::vector<Transcript>& transcripts, const Options& options,
                         const client::Url& url) {
  const std::string tag = "conform-" + random_id() + "-";
  std::set<std::string> lacking;
  std::vector<Row> rows;
  for (const Transcript& transcript : transcripts) {
    Ran ran{Verdict::skipped, ""};
    const std::string needed = needed_by(transcript);
    if (lacking.count(needed) == 0) {
      const std::string own_tag = tag + std::to_string(rows.size());
      ran = run_or_fail(transcript, url, own_tag, options, rows.empty());
    }
    if (transcript.is_probe && ran.verdict == Verdict::failed) {
      lacking.insert(needed);
      ran = {Verdict::skipped, ""};
    }
    rows.push_back({&transcript, std::move(ran)});
  }
  return rows;
}

std::map<Verdict, std::size_t> count(const std::vector<Row>& rows) {
  std::map<Verdict, std::size_t> counts;
  for (const Row& row : rows) ++counts[row.ran.verdict];
  return counts;
}

std::string indented(const std::string& text) {
  std::string result = "      ";
  for (const char letter : text) {
    result += letter;
    if (letter == '\n') result += "      ";
  }
  return result;
}

void print_table(const std::vector<Row>& rows) {
  std::string section;
  for (const auto& [transcript, ran] : rows) {
    if (section != transcript->section) std::printf("%s\n", transcript->section.c_str());
    section = transcript->section;
    const std::string word(word_of(ran.verdict));
    std::printf("  %-11s  %s\n", word.c_str(), transcript->name.c_str());
    if (ran.verdict == Verdict::hole) std::printf("      known hole: %s\n", ran.detail.c_str());
    if (ran.verdict == Verdict::failed) std::printf("%s\n", indented(ran.detail).c_str());
  }
  auto counts = count(rows);
  std::printf("%zu passed, %zu known holes, %zu failed, %zu not offered\n", counts[Verdict::passed],
              counts[Verdict::hole], counts[Verdict::failed], counts[Verdict::skipped]);
}

void print_json(const std::vector<Row>& rows, const std::string& url) {
  ot::Json list = ot::Json::array();
  for (const auto& [transcript, ran] : rows) {
    ot::Json row = ot::Json::object({{"name", transcript->name},
                                     {"section", transcript->section},
                                     {"verdict", word_of(ran.verdict)}});
    if (!ran.detail.empty()) row.set("detail", ran.detail);
    list.push_back(std::move(row));
  }
  auto counts = count(rows);
  const ot::Json report = ot::Json::object({{"server", url},
                                            {"passed", counts[Verdict::passed]},
                                            {"holes", counts[Verdict::hole]},
                                            {"failed", counts[Verdict::failed]},
                                            {"notOffered", counts[Verdict::skipped]},
                                            {"transcripts", list}});
  std::puts(ot::json_text(report).c_str());
}

int list(const std::vector<Transcript>& transcripts) {
  for (const Transcript& transcript : transcripts) {
    std::printf("%s: %s\n", transcript.section.c_str(), transcript.name.c_str());
    if (!transcript.hole.empty()) std::printf("  hole of ShareDB: %s\n", transcript.hole.c_str());
  }
  return exit_ok;
}

int usage(const std::string& what) {
  std::fprintf(stderr, "segue: %s\n", what.c_str());
  return exit_usage;
}

int test_server(const Options& options) {
  const std::vector<Transcript> transcripts = chosen(options);
  if (transcripts.empty()) return usage("no transcript is called that; see --list");
  if (options.list) return list(transcripts);
  const auto url = client::parse_url(options.url);
  if (!url) return usage("a server to test, such as ws://127.0.0.1:7070: " + url.error().detail);
  const std::vector<Row> rows = run_all(transcripts, options, *url);
  options.json ? print_json(rows, options.url) : print_table(rows);
  return count(rows)[Verdict::failed] == 0 ? exit_ok : exit_finding;
}

}  // namespace

void add_conform_server(CLI::App& conform, Run& run) {
  auto options = std::make_shared<Options>();
  CLI::App* command = conform.add_subcommand(
      "server", "Run the transcripts of the protocol against a server, whichever it is");
  command->add_option("URL", options->url, "Where it is: ws://host:port/path");
  command->add_flag("--json", options->json, "One JSON object instead of the table");
  command->add_option("--only", options->only, "Transcripts with this in their name");
  command->add_option("--type", options->type, "Transcripts about documents of this type");
  command->add_flag("--list", options->list, "Print the transcripts and run none");
  command->add_option("--timeout", options->patience_ms, "How long to wait for a message, in ms")
      ->capture_default_str()
      ->check(CLI::Range(1, 3'600'000));
  command->callback([options, &run] { run = [options] { return test_server(*options); }; });
}

}  // namespace segue::server
