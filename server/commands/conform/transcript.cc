#include "server/commands/conform/transcript.h"

#include <array>
#include <charconv>
#include <utility>

#include "ot/json_text.h"

namespace segue::server {

namespace {

using ot::Errc;
using ot::fail;
using ot::Json;
using ot::Result;

struct Form {
  std::string_view ending;  // of a step's key, after the connection's number
  Step::Kind kind;
};
constexpr std::array forms = {
    Form{" opens", Step::Kind::open},     Form{">", Step::Kind::send},
    Form{">text", Step::Kind::send_text}, Form{">binary", Step::Kind::send_binary},
    Form{"<", Step::Kind::receive},       Form{"<~", Step::Kind::receive_at_least},
    Form{" hangs up", Step::Kind::drop},  Form{" is closed", Step::Kind::closed},
    Form{" differ", Step::Kind::differ},
};

std::optional<Step> step_of(std::string_view key, const Json& message) {
  int connection = 0;
  const auto number = std::from_chars(key.data(), key.data() + key.size(), connection);
  const std::string_view ending = key.substr(static_cast<std::size_t>(number.ptr - key.data()));
  for (const Form& form : forms) {
    if (form.ending == ending) return Step{form.kind, connection, message, std::nullopt};
  }
  return std::nullopt;
}

Result<Step> parse_step(const Json& line) {
  std::optional<Step> step;
  std::optional<Json> hole;
  bool is_known = true;
  line.for_each_member([&](std::string_view key, const Json& value) {
    if (key == "hole") {
      hole = value;
    } else if (!step) {
      step = step_of(key, value);
      is_known = is_known && step.has_value();
    } else {
      is_known = false;
    }
  });
  if (!step || !is_known) return fail(Errc::bad_json, "no step: " + ot::json_text(line));
  step->hole = std::move(hole);
  return std::move(*step);
}

std::string text_member(const Json& line, std::string_view key, std::string fallback = {}) {
  const Json* value = line.find(key);
  return value != nullptr && value->is_string() ? value->str() : std::move(fallback);
}

Transcript parse_head(const Json& line) {
  Transcript transcript;
  transcript.name = text_member(line, "transcript");
  transcript.section = text_member(line, "section");
  transcript.type = text_member(line, "type", "json0");
  transcript.feature = text_member(line, "feature");
  transcript.hole = text_member(line, "hole");
  const Json* probe = line.find("probe");
  transcript.is_probe = probe != nullptr && *probe == Json(true);
  if (const Json* given = line.find("given")) {
    given->for_each_element([&](const Json& change) { transcript.given.push_back(change); });
  }
  return transcript;
}

std::string filled_text(std::string text, const Names& names) {
  if (text.empty() || text.front() != '$') return text;
  const auto known = names.find(std::string_view(text).substr(1));
  return known == names.end() || !known->second.is_string() ? text : known->second.str();
}

bool matches_members(const Json& pattern, const Json& message, Extent extent) {
  if (!message.is_object()) return false;
  if (extent == Extent::exactly && pattern.size() != message.size()) return false;
  bool all = true;
  pattern.for_each_member([&](std::string_view key, const Json& wanted) {
    const Json* value = message.find(key);
    const bool is_unwanted = wanted == Json("$absent");
    all = all && (value == nullptr ? is_unwanted : !is_unwanted && matches(wanted, *value, extent));
  });
  return all;
}

bool matches_elements(const Json& pattern, const Json& message, Extent extent) {
  if (!message.is_array() || pattern.size() != message.size()) return false;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (!matches(pattern[i], message[i], extent)) return false;
  }
  return true;
}

}  // namespace

Result<std::vector<Transcript>> parse_transcripts(std::string_view text) {
  std::vector<Transcript> all;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    if (line.empty()) continue;
    const auto json = ot::parse_json(line);
    if (!json) return fail(Errc::bad_json, json.error().detail + ": " + std::string(line));
    if (json->find("transcript") != nullptr) {
      all.push_back(parse_head(*json));
      continue;
    }
    auto step = parse_step(*json);
    if (!step) return fail(std::move(step.error()));
    if (all.empty()) return fail(Errc::bad_json, "a step before the first transcript");
    all.back().steps.push_back(std::move(*step));
  }
  return all;
}

Json filled(const Json& message, const Names& names) {
  if (message.is_string() && !message.text().empty() && message.str().front() == '$') {
    const auto known = names.find(std::string_view(message.str()).substr(1));
    return known == names.end() ? message : known->second;
  }
  if (message.is_array()) {
    Json list = Json::array();
    message.for_each_element([&](const Json& element) { list.push_back(filled(element, names)); });
    return list;
  }
  if (!message.is_object()) return message;
  Json object = Json::object();
  message.for_each_member([&](std::string_view key, const Json& value) {
    object.set(filled_text(std::string(key), names), filled(value, names));
  });
  return object;
}

bool matches(const Json& pattern, const Json& message, Extent extent) {
  if (pattern == Json("$any")) return true;
  if (const Json* either = pattern.find("$or")) {
    bool found = false;
    either->for_each_element(
        [&](const Json& one) { found = found || matches(one, message, extent); });
    return found;
  }
  if (pattern == Json("$string")) return message.is_string();
  if (pattern.is_object()) return matches_members(pattern, message, extent);
  if (pattern.is_array()) return matches_elements(pattern, message, extent);
  return pattern == message;
}

}  // namespace segue::server
