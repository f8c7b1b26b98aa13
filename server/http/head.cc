#include "server/http/head.h"

#include <algorithm>
#include <cctype>
#include <string>

namespace segue::server {

namespace {

constexpr std::string_view line_end = "\r\n";
constexpr std::size_t length_digits_max = 18;

bool is_token_character(char c) {
  constexpr std::string_view others = "!#$%&'*+-.^_`|~";
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || others.find(c) != others.npos;
}

bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_token_character);
}

bool is_printable(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return c == '\t' || (byte >= 0x20 && byte != 0x7f);
}

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t");
  if (begin == text.npos) {
    return {};
  }
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

bool is_length(std::string_view text) {
  return !text.empty() && text.size() <= length_digits_max &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// The fields that decide where a request ends and to whom it goes.
struct Framing {
  int hosts = 0;
  int lengths = 0;
  int encodings = 0;
  bool wrong = false;

  void add(std::string_view name, std::string_view value) {
    const std::string key = lower(name);
    if (key == "host") {
      ++hosts;
      wrong |= value.find_first_of(" \t,/@") != value.npos;
    } else if (key == "content-length") {
      ++lengths;
      wrong |= !is_length(value);
    } else if (key == "transfer-encoding") {
      ++encodings;
      wrong |= lower(value) != "chunked";
    }
  }
  bool is_sound(bool version_1_0) const {
    return !wrong && hosts <= 1 && (hosts == 1 || version_1_0) && lengths + encodings <= 1 &&
           (encodings == 0 || !version_1_0);
  }
};

bool add_field(std::string_view line, Framing& framing) {
  const std::size_t colon = line.find(':');
  if (colon == line.npos || !is_token(line.substr(0, colon)) ||
      !std::all_of(line.begin(), line.end(), is_printable)) {
    return false;
  }
  framing.add(line.substr(0, colon), trimmed(line.substr(colon + 1)));
  return true;
}

// METHOD SP target SP HTTP/1.x
struct RequestLine {
  std::string_view target;
  bool version_1_0 = false;
  bool valid = false;

  explicit RequestLine(std::string_view line) {
    const std::size_t first = line.find(' ');
    const std::size_t last = line.rfind(' ');
    if (first == line.npos || first == last) {
      return;
    }
    target = line.substr(first + 1, last - first - 1);
    const std::string_view version = line.substr(last + 1);
    version_1_0 = version == "HTTP/1.0";
    valid = is_token(line.substr(0, first)) && (version_1_0 || version == "HTTP/1.1") &&
            !target.empty() &&
            std::all_of(target.begin(), target.end(), [](char c) { return c > 0x20 && c < 0x7f; });
  }
};

// The next line, without its end, taken off `rest`.
std::string_view take_line(std::string_view& rest) {
  const std::size_t end = std::min(rest.find(line_end), rest.size());
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(std::min(end + line_end.size(), rest.size()));
  return line;
}

}  // namespace

std::size_t head_length(std::string_view bytes) {
  const std::size_t end = bytes.find("\r\n\r\n");
  return end == bytes.npos ? 0 : end + 4;
}

HeadFault check_head(std::string_view head, std::size_t fields_max, std::size_t target_bytes_max) {
  const RequestLine request(take_line(head));
  if (request.target.size() > target_bytes_max) {
    return HeadFault::target_too_long;
  }
  if (!request.valid) {
    return HeadFault::malformed;
  }
  Framing framing;
  std::size_t fields = 0;
  for (std::string_view line = take_line(head); !line.empty(); line = take_line(head)) {
    if (++fields > fields_max) {
      return HeadFault::too_many_fields;
    }
    if (!add_field(line, framing)) {
      return HeadFault::malformed;
    }
  }
  return framing.is_sound(request.version_1_0) ? HeadFault::none : HeadFault::malformed;
}

}  // namespace segue::server
