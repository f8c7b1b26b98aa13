// JSON text <-> Json, exactly as JavaScript reads and prints it, within limits.
//
// The only unit that includes RapidJSON.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "ot/json.h"
#include "ot/json_tape.h"
#include "ot/json_view.h"
#include "ot/result.h"

namespace segue::ot {

struct JsonLimits {
  std::size_t depth_max = 128;        // containers inside each other
  std::size_t keys_max = 65'536;      // members of one object
  std::size_t key_bytes_max = 4'096;  // one key
};

// Reads one JSON value (RFC 8259) with nothing but white space around it. Lone surrogate escapes
// are read into WTF-8. Numbers become the double that JavaScript reads.
// Errors: bad_json (syntax, not UTF-8, a number that overflows to infinity, a byte order mark),
// too_deep, too_large (keys), duplicate_key.
Result<Json> parse_json(std::string_view utf8, const JsonLimits& limits = {});
// The same, for who keeps little of it as values.
Result<JsonTape> tokenize_json(std::string_view utf8, const JsonLimits& limits = {});

// Appends what JSON.stringify(value) gives. Always UTF-8: lone surrogates leave as \udXXX.
void print_json(const Json& value, std::string& out);
std::string json_text(const Json& value);
// The same of what the view is of.
void print_json(JsonView view, std::string& out);
std::string json_text(JsonView view);

// A quoted and escaped JSON string. REQUIRES: `wtf8` is well-formed.
void print_json_string(std::string_view wtf8, std::string& out);

// As ECMAScript's Number::toString: shortest round trip, "1e+21", "-0" as "0". REQUIRES: finite.
void print_json_number(double value, std::string& out);

}  // namespace segue::ot
