// RapidJSON alone: what no reader of an op that uses it can do without.
#pragma once

#include <cstring>
#include <stdexcept>
#include <string>
#include <vector>

#include <rapidjson/reader.h>

namespace segue::bench {

// Reads a text with a handler that does nothing.
class Scanner {
 public:
  void operator()(const std::string& text) {
    room_.resize(text.size() + 1);
    std::memcpy(room_.data(), text.c_str(), text.size() + 1);
    rapidjson::InsituStringStream stream(room_.data());
    Nothing handler;
    rapidjson::Reader reader;
    if (reader.Parse<rapidjson::kParseInsituFlag>(stream, handler).IsError()) {
      throw std::runtime_error("not JSON: " + text);
    }
  }

 private:
  struct Nothing : rapidjson::BaseReaderHandler<rapidjson::UTF8<>, Nothing> {};

  std::vector<char> room_;
};

}  // namespace segue::bench
