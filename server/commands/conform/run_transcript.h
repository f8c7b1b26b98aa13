// Runs a transcript against a server.
#pragma once

#include <chrono>
#include <string>

#include "clients/cpp/url.h"
#include "server/commands/conform/transcript.h"

namespace segue::server {

enum class Verdict {
  passed,
  hole,  // it does what is known of ShareDB
  failed,
  skipped,  // it lacks the feature
};

struct Ran {
  Verdict verdict = Verdict::passed;
  std::string detail;  // where it failed: what was said, expected and got
};

// Documents are named after `tag`, which no other run may have.
// Throws std::runtime_error where there is no connection to be had.
Ran run_transcript(const Transcript& transcript, const client::Url& url, const std::string& tag,
                   std::chrono::milliseconds patience);

}  // namespace segue::server
