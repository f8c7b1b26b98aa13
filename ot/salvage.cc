#include <array>

#include "ot/json_text.h"
#include "ot/message.h"

namespace segue::ot {

namespace {

constexpr std::size_t value_bytes_max = 2048;  // of a field worth keeping
constexpr std::string_view space = " \t\r\n";

// Walks the top level of an object's text. Knows strings and brackets, nothing more.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  Json run() {
    Json found = Json::object();
    skip_space();
    if (!take('{')) {
      return found;
    }
    while (true) {
      skip_space();
      const std::string_view key = token();
      skip_space();
      if (key.empty() || !take(':')) {
        return found;
      }
      skip_space();
      keep(found, key, token());
      skip_space();
      if (!take(',')) {
        return found;
      }
    }
  }

 private:
  static void keep(Json& found, std::string_view key, std::string_view value) {
    static constexpr std::array<std::string_view, 7> wanted = {
        "\"a\"", "\"c\"", "\"d\"", "\"id\"", "\"v\"", "\"src\"", "\"seq\""};
    for (const std::string_view name : wanted) {
      if (key != name || value.size() > value_bytes_max) {
        continue;
      }
      auto parsed = parse_json(value, JsonLimits{.depth_max = 0});
      if (parsed && found.find(name.substr(1, name.size() - 2)) == nullptr) {
        found.set(name.substr(1, name.size() - 2), std::move(*parsed));
      }
    }
  }

  void skip_space() {
    while (at_ < text_.size() && space.find(text_[at_]) != space.npos) {
      ++at_;
    }
  }
  bool take(char wanted) {
    if (at_ == text_.size() || text_[at_] != wanted) {
      return false;
    }
    ++at_;
    return true;
  }

  // The text of one value, whatever it is; empty at the end of the text.
  std::string_view token() {
    const std::size_t start = at_;
    std::size_t open = 0;
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == '"') {
        skip_string();
      } else if (c == '{' || c == '[') {
        ++open;
      } else if (c == '}' || c == ']') {
        if (open == 0) {
          break;
        }
        --open;
      } else if (open == 0 && (c == ',' || c == ':')) {
        break;
      }
    }
    std::string_view found = text_.substr(start, at_ - start);
    while (!found.empty() && space.find(found.back()) != space.npos) {
      found.remove_suffix(1);
    }
    return found;
  }

  // Leaves at_ on the closing quote, or on the last byte.
  void skip_string() {
    for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_) {
      if (text_[at_] == '\\') {
        ++at_;
      }
    }
    if (at_ >= text_.size()) {
      at_ = text_.size() - 1;
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

Json salvage_request(std::string_view text) { return Scanner(text).run(); }

}  // namespace segue::ot
