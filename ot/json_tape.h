// JsonTape: JSON text that was read and checked, but not yet made into values.
//
// A row of tokens in the order of the text, each container before what is in it. Whoever keeps a
// part makes a Json of that part; the rest costs one allocation, however much it is. A tape is
// read through JsonView (ot/json_view.h) and made by tokenize_json() (ot/json_text.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>

#include "ot/json.h"

namespace segue::ot {

// A value, or the key of a member, whose value follows it.
struct JsonToken {
  Json::Kind kind;
  std::uint32_t size;  // bytes, elements or members
  union {
    bool boolean;
    double number;
    const char* chars;  // of a string or key: WTF-8
    std::size_t span;   // of a container: itself and all tokens in it
  };

  std::string_view string() const { return {chars, size}; }
  bool is_container() const { return kind == Json::Kind::array || kind == Json::Kind::object; }
  // What follows this value.
  const JsonToken* next() const { return this + (is_container() ? span : 1); }
};

class JsonTape {
 public:
  const JsonToken& root() const { return tokens_[0]; }
  std::size_t text_bytes() const { return text_bytes_; }

 private:
  friend class JsonTokenizer;  // json_text.cc

  JsonTape(std::unique_ptr<JsonToken[]> tokens, std::size_t text_bytes)
      : tokens_(std::move(tokens)), text_bytes_(text_bytes) {}

  std::unique_ptr<JsonToken[]> tokens_;  // behind them is the text that those of strings point into
  std::size_t text_bytes_;
};

// The value that begins at `token`. Recurses as deep as it is, as the end of a Json does.
Json make_json(const JsonToken& token);

}  // namespace segue::ot
