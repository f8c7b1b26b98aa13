// Transcripts: what is said on connections to a server, message by message, and what must come
// back. spec/conformance.md, "Transcripts", has their form. Pure.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ot/json.h"
#include "ot/result.h"

namespace segue::server {

struct Step {
  enum class Kind {
    open,              // a connection that does not shake hands
    send,              // a message
    send_text,         // a text frame, as it is
    send_binary,       // a binary frame
    receive,           // exactly this message comes next
    receive_at_least,  // a message with at least these members comes next
    drop,              // the tester hangs up
    closed,            // the server hangs up; with this code, where one is given
    differ,            // two values are not the same
  };
  Kind kind = Kind::send;
  int connection = 0;
  ot::Json message;
  // What a server with the known hole sends instead. The transcript ends there.
  std::optional<ot::Json> hole;
};

struct Transcript {
  std::string name;     // a sentence: what a right server does
  std::string section;  // of spec/protocol.md
  std::string type = "json0";
  std::string feature;  // one that a server may lack; empty: all have it
  // Whether it tells that the server has its feature or its type.
  bool is_probe = false;
  std::string hole;             // what ShareDB is known to do instead
  std::vector<ot::Json> given;  // committed to $c/$d before, by connection 0 with seq 1, 2, ...
  std::vector<Step> steps;
};

// Errors: bad_json, with the line and the fault.
ot::Result<std::vector<Transcript>> parse_transcripts(std::string_view text);

// What "$name" stands for in the messages of a transcript.
using Names = std::map<std::string, ot::Json, std::less<>>;

// `message` with each name in it replaced by what it stands for, keys included.
ot::Json filled(const ot::Json& message, const Names& names);

// Whether a message is as `pattern` has it: "$string" is any string, "$any" any value, {"$or":
// [...]} one of several, and a member that is "$absent" is not there.
enum class Extent { exactly, at_least };  // whether the message may have more members
bool matches(const ot::Json& pattern, const ot::Json& message, Extent extent);

}  // namespace segue::server
