// If-Match and If-None-Match: a document's ETag is its version in quotes. Pure.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ot/ids.h"

namespace segue::server {

std::string etag(ot::Version version);  // "7", with the quotes

// An integer in 0..2^53-1 in digits.
std::optional<std::uint64_t> parse_integer(std::string_view text);

struct VersionTags {
  bool any = false;                   // *
  std::vector<ot::Version> versions;  // those of the tags that are versions
  bool foreign = false;               // there are others

  bool has(ot::Version version) const {
    return any || std::find(versions.begin(), versions.end(), version) != versions.end();
  }
};

// W/"7" counts as "7": a proxy that compresses weakens tags on the way. Nothing where `header` is
// no list of tags.
std::optional<VersionTags> parse_tags(std::string_view header);

}  // namespace segue::server
