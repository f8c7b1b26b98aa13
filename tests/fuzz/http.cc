// What HTTP requests are made of. A head that is let through is one that Beast parses, to the same
// framing; targets and tags are read or refused; a JSON Patch is applied whole or refused, and what
// it makes is JSON within the bound.
//
// Input: a letter, then a head, a target, a list of tags, or a document and a patch in two lines.
#include <algorithm>
#include <string>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include "ot/json_text.h"
#include "ot/utf8.h"
#include "server/http/conditions.h"
#include "server/http/head.h"
#include "server/http/json_patch.h"
#include "server/http/target.h"
#include "tests/fuzz/fuzz.h"

using namespace segue;
using namespace segue::fuzz;
using namespace segue::server;

namespace {

constexpr std::size_t fields_max = 64;
constexpr std::size_t target_bytes_max = 4096;
constexpr std::size_t document_bytes_max = 10'000;

void read_head(std::string_view bytes) {
  const std::string head = std::string(bytes) + "\r\n\r\n";
  const std::size_t length = head_length(head);
  expect(length > 0 && length <= head.size(), "a head ends with its empty line");
  const std::string_view first = std::string_view(head).substr(0, length);
  if (check_head(first, fields_max, target_bytes_max) != HeadFault::none) {
    return;
  }
  boost::beast::http::request_parser<boost::beast::http::string_body> parser;
  boost::system::error_code error;
  const std::size_t parsed = parser.put(boost::asio::buffer(first), error);
  expect(!error || error == boost::beast::http::error::body_limit, "a head let through is parsed");
  expect(error || parsed == first.size(), "a head ends where Beast thinks it ends");
  expect(error || parser.get().count("Host") <= 1, "one host");
  expect(error || !(parser.chunked() && parser.content_length()), "one framing");
}

void read_target(std::string_view bytes) {
  const auto target = parse_target(bytes);
  if (!target) {
    return;
  }
  expect(!target->segments.empty(), "a path has a segment");
  for (const std::string& segment : target->segments) {
    expect(ot::is_utf8(segment), "names are UTF-8");
    expect(std::none_of(segment.begin(), segment.end(),
                        [](char c) { return static_cast<unsigned char>(c) < 0x20; }),
           "names have no control characters");
  }
}

void read_tags(std::string_view bytes) {
  if (const auto tags = parse_tags(bytes)) {
    for (const ot::Version version : tags->versions) {
      expect(parse_tags(etag(version))->has(version), "a version is found by its tag");
    }
  }
}

void patch(std::string_view bytes) {
  const std::size_t line = std::min(bytes.find('\n'), bytes.size());
  const auto doc = ot::parse_json(bytes.substr(0, line));
  const auto change = ot::parse_json(bytes.substr(std::min(line + 1, bytes.size())));
  if (!doc || !change) {
    return;
  }
  const std::string before = ot::json_text(*doc);
  const auto patched = apply_json_patch(*doc, *change, document_bytes_max);
  expect(!patched || ot::parse_json(ot::json_text(*patched), {.depth_max = SIZE_MAX}) == *patched,
         "what a patch makes is JSON");
  const ot::Json merged = apply_merge_patch(*doc, *change);
  expect(apply_merge_patch(merged, *change) == merged, "a merge patch changes nothing twice");
  expect(ot::json_text(*doc) == before, "a patch leaves the document alone");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes = text_of(data, size);
  if (bytes.empty()) {
    return 0;
  }
  const std::string_view rest = bytes.substr(1);
  switch (bytes.front()) {
    case 'h':
      read_head(rest);
      break;
    case 't':
      read_target(rest);
      break;
    case 'e':
      read_tags(rest);
      break;
    case 'p':
      patch(rest);
      break;
    default:
      break;
  }
  return 0;
}
