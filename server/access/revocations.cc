#include "server/access/revocations.h"

#include <algorithm>
#include <cstddef>

#include "ot/json_text.h"

namespace segue::access {

namespace {

constexpr ot::JsonLimits json_limits{4, 16, 255};

bool is_text(const ot::Json* value) { return value != nullptr && value->is_string(); }

}  // namespace

ot::Result<Revocations> Revocations::parse(std::string_view lines) {
  Revocations result;
  for (std::size_t number = 1; !lines.empty(); ++number) {
    const std::size_t end = lines.find('\n');
    const std::string_view line = lines.substr(0, end);
    const bool is_whole = end != lines.npos;
    lines.remove_prefix(is_whole ? end + 1 : lines.size());
    if (line.find_first_not_of(" \t\r") == line.npos) {
      continue;
    }
    const auto json = ot::parse_json(line, json_limits);
    if (!json && !is_whole) {
      break;  // It is still being written.
    }
    const auto added = json ? result.add(*json) : ot::fail(json.error());
    if (!added) {
      return ot::fail(ot::Errc::uncoded,
                      "line " + std::to_string(number) + ": " + added.error().detail);
    }
  }
  return result;
}

ot::Result<void> Revocations::add(const ot::Json& line) {
  const ot::Json* token = line.find("jti");
  const ot::Json* author = line.find("sub");
  const ot::Json* before = line.find("before");
  if (is_text(token) && line.size() == 1) {
    tokens_.insert(token->str());
    return {};
  }
  if (is_text(author) && before != nullptr && before->is_number() && line.size() == 2) {
    double& known = authors_[author->str()];
    known = std::max(known, before->number());
    return {};
  }
  return ot::fail(ot::Errc::uncoded,
                  "neither {\"jti\": TEXT} nor {\"sub\": TEXT, \"before\": SECONDS}");
}

bool Revocations::cover(const Identity& identity) const {
  if (tokens_.contains(identity.token_id)) {
    return true;
  }
  const auto author = authors_.find(identity.author);
  return author != authors_.end() && identity.issued_s.value_or(0) < author->second;
}

}  // namespace segue::access
