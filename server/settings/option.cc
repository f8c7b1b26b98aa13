#include "server/settings/option.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "server/settings/value.h"

namespace segue::server {

namespace {

using Kind = Option::Kind;
constexpr std::size_t idle_s_min = 2;
constexpr std::size_t idle_s_max = 3'600;
constexpr std::uint64_t slow_op_ms_max = 3'600'000;

// Each of these makes one kind of option. `field` finds the member in Settings that holds it; its
// default is what the member is born with.

template <class Field>
Option text(std::string name, std::string value_name, Field field, std::string help) {
  Settings defaults;
  auto set = [field](Settings& settings, const std::string& value) {
    field(settings) = value;
    return !value.empty();
  };
  return {std::move(name),
          Kind::one,
          std::move(value_name),
          std::move(help),
          "a text that is not empty",
          set,
          field(defaults)};
}

template <class Field>
Option number(std::string name, std::uint64_t max, Field field, std::string help) {
  Settings defaults;
  auto set = [field, max](Settings& settings, const std::string& value) {
    const auto parsed = parse_number(value);
    if (parsed && *parsed <= max) {
      auto& member = field(settings);
      member = static_cast<std::remove_reference_t<decltype(member)>>(*parsed);
    }
    return parsed && *parsed <= max;
  };
  return {std::move(name),
          Kind::one,
          "NUMBER",
          std::move(help),
          "a whole number from 0 to " + std::to_string(max),
          set,
          std::to_string(field(defaults))};
}

template <class Field>
Option size(std::string name, Field field, std::string help) {
  Settings defaults;
  auto set = [field](Settings& settings, const std::string& value) {
    const auto parsed = parse_size(value);
    field(settings) = parsed.value_or(field(settings));
    return parsed.has_value();
  };
  return {std::move(name),
          Kind::one,
          "SIZE",
          std::move(help),
          "a number of bytes, such as 4096, 64M or 1G",
          set,
          print_size(field(defaults))};
}

template <class Field>
Option flag(std::string name, Field field, std::string help) {
  auto set = [field](Settings& settings, const std::string& value) {
    const auto parsed = parse_flag(value);
    field(settings) = parsed.value_or(field(settings));
    return parsed.has_value();
  };
  return {std::move(name), Kind::flag, "", std::move(help), "true or false", set, "false"};
}

template <class Field, class Value>
Option choice(std::string name, std::vector<std::pair<std::string, Value>> values, Field field,
              std::string help) {
  Settings defaults;
  std::string names;
  std::string default_value;
  for (const auto& [word, value] : values) {
    names += (names.empty() ? "" : "|") + word;
    default_value = value == field(defaults) ? word : default_value;
  }
  auto set = [field, values = std::move(values)](Settings& settings, const std::string& value) {
    const auto found = std::find_if(values.begin(), values.end(),
                                    [&](const auto& pair) { return pair.first == value; });
    if (found != values.end()) {
      field(settings) = found->second;
    }
    return found != values.end();
  };
  return {std::move(name),         Kind::one, names, std::move(help), "one of " + names, set,
          std::move(default_value)};
}

template <class Field>
Option list(std::string name, std::string value_name, Field field, std::string help) {
  auto set = [field](Settings& settings, const std::string& value) {
    field(settings).push_back(value);
    return !value.empty();
  };
  return {std::move(name),
          Kind::many,
          std::move(value_name),
          std::move(help),
          "texts that are not empty",
          set};
}

Option origin() {
  auto set = [](Settings& settings, const std::string& value) {
    settings.config.origins.push_back(value);
    return is_origin(value);
  };
  return {"origin",
          Kind::many,
          "ORIGIN",
          "Web origin that may connect, such as https://show.example; repeatable",
          "of the form https://show.example or http://10.0.0.1:8080, in lower case and without a "
          "path",
          set};
}

Option projection() {
  auto set = [](Settings& settings, const std::string& value) {
    auto parsed = parse_projection(value);
    if (parsed) {
      settings.config.projections.push_back(std::move(*parsed));
    }
    return parsed.has_value();
  };
  return {"projection",
          Kind::many,
          "NAME=COLLECTION:FIELD,...",
          "A collection under another name, with these fields only; repeatable",
          "of the form name=collection:field,field",
          set};
}

Option audience() {
  auto set = [](Settings& settings, const std::string& value) {
    settings.access.expected.audience = value;
    settings.access.expected.audience_required = true;
    return !value.empty();
  };
  return {"audience",
          Kind::one,
          "NAME",
          "Audience that every token must be for; a token with none is refused then. Without it: "
          "segue, or none",
          "a text that is not empty",
          set};
}

Option idle_timeout() {
  auto set = [](Settings& settings, const std::string& value) {
    const auto parsed = parse_number(value);
    const bool fits = parsed && *parsed >= idle_s_min && *parsed <= idle_s_max;
    if (fits) {
      settings.limits.idle_timeout = std::chrono::seconds(*parsed);
    }
    return fits;
  };
  const auto usual = std::chrono::duration_cast<std::chrono::seconds>(Limits().idle_timeout);
  return {
      "idle-timeout",
      Kind::one,
      "NUMBER",
      "Seconds of silence after which a connection is given up; it is pinged after half of them",
      "a whole number from " + std::to_string(idle_s_min) + " to " + std::to_string(idle_s_max),
      set,
      std::to_string(usual.count())};
}

// NOLINTBEGIN(readability-identifier-length): `s` is the settings.
void add_network(std::vector<Option>& all) {
  all.push_back(text(
      "host", "ADDRESS", [](Settings & s) -> auto& { return s.config.host; },
      "Address to listen on"));
  all.push_back(number(
      "port", 65'535, [](Settings & s) -> auto& { return s.config.port; },
      "Port to listen on; 0: any that is free"));
  all.back().also_env = "PORT";
  all.push_back(origin());
  all.push_back(choice(
      "limits",
      std::vector<std::pair<std::string, Guarding>>{
          {"auto", Guarding::automatic}, {"on", Guarding::on}, {"off", Guarding::off}},
      [](Settings & s) -> auto& { return s.config.guarding; },
      "Hold connections to numbers and rates; auto: those from elsewhere, with "
      "--keys"));
  all.push_back(list(
      "trusted-proxy", "ADDRESS", [](Settings & s) -> auto& { return s.config.trusted_proxies; },
      "Address of a proxy that is not held to --limits; repeatable"));
  all.push_back(idle_timeout());
  all.push_back(flag(
      "compress", [](Settings & s) -> auto& { return s.config.compress; },
      "Compress messages from 1 KiB on, for clients that want it (permessage-deflate)"));
  all.push_back(flag(
      "insecure", [](Settings & s) -> auto& { return s.config.insecure; },
      "Listen beyond loopback although there is no access control"));
}

void add_tls(std::vector<Option>& all) {
  all.push_back(text(
      "tls-cert", "FILE", [](Settings & s) -> auto& { return s.config.tls_certificate; },
      "Certificate, and those that vouch for it, in PEM: speak TLS only; read again "
      "when it changes"));
  all.push_back(text(
      "tls-key", "FILE", [](Settings & s) -> auto& { return s.config.tls_key; },
      "Its private key in PEM, without a password"));
}

void add_storage(std::vector<Option>& all) {
  all.push_back(text(
      "data", "DIRECTORY", [](Settings & s) -> auto& { return s.config.data; },
      "Directory of the op log"));
  all.push_back(flag(
      "in-memory", [](Settings & s) -> auto& { return s.config.in_memory; },
      "Keep everything in memory; nothing survives"));
  all.push_back(choice(
      "durability",
      std::vector<std::pair<std::string, Durability>>{{"sync", Durability::sync},
                                                      {"async", Durability::async}},
      [](Settings & s) -> auto& { return s.config.durability; },
      "sync: acknowledge what is on disk; async: acknowledge at once, up to 1 s "
      "or 4 MiB ahead of the disk"));
  all.push_back(size(
      "free-space-min", [](Settings & s) -> auto& { return s.config.free_space_min; },
      "Space that is left free on the disk: edits that would need it wait"));
}

void add_serving(std::vector<Option>& all) {
  all.push_back(number(
      "threads", 256, [](Settings & s) -> auto& { return s.config.threads; },
      "Event loops; 0: one for each core"));
  all.push_back(size(
      "memory", [](Settings & s) -> auto& { return s.limits.documents_bytes_max; },
      "Memory for documents; those nobody uses are dropped beyond it"));
  all.push_back(size(
      "query-memory", [](Settings & s) -> auto& { return s.limits.query_bytes_max; },
      "Memory for the documents of collections that are queried"));
  all.push_back(list(
      "schema", "FILE", [](Settings & s) -> auto& { return s.schemas; },
      "Schema of a record type to serve besides segue:production/1; repeatable"));
  all.push_back(projection());
  all.push_back(list(
      "exclusive-leases", "COLLECTION",
      [](Settings & s) -> auto& { return s.config.exclusive_leases; },
      "Collection in which others cannot change what somebody has a lease of; * for all; "
      "repeatable"));
  all.push_back(flag(
      "no-op-suppression", [](Settings & s) -> auto& { return s.config.no_op_suppression; },
      "Do not commit ops that concurrent ones have left nothing of"));
}

void add_access(std::vector<Option>& all) {
  all.push_back(text(
      "keys", "FILE", [](Settings & s) -> auto& { return s.access.keys; },
      "Let in only who has a token by one of these keys"));
  all.push_back(text(
      "policy", "FILE", [](Settings & s) -> auto& { return s.access.policy; },
      "Rules: who may do what to which documents"));
  all.push_back(text(
      "revoked", "FILE", [](Settings & s) -> auto& { return s.access.revoked; },
      "Tokens that are out of force"));
  all.push_back(text(
      "cookie", "NAME", [](Settings & s) -> auto& { return s.access.cookie; },
      "Cookie that may hold the token"));
  all.push_back(audience());
  all.push_back(text(
      "issuer", "NAME", [](Settings & s) -> auto& { return s.access.expected.issuer; },
      "Issuer that every token must be from"));
}

Option slow_op() {
  auto set = [](Settings& settings, const std::string& value) {
    const auto parsed = parse_number(value);
    if (parsed && *parsed <= slow_op_ms_max) {
      settings.config.slow_op = std::chrono::milliseconds(*parsed);
    }
    return parsed && *parsed <= slow_op_ms_max;
  };
  return {"slow-op",
          Kind::one,
          "NUMBER",
          "Milliseconds from which on an op is logged with what it took; 0: none is",
          "a whole number from 0 to " + std::to_string(slow_op_ms_max),
          set,
          std::to_string(Settings().config.slow_op.count())};
}

void add_operations(std::vector<Option>& all) {
  all.push_back(choice(
      "log-format",
      std::vector<std::pair<std::string, LogFormat>>{{"text", LogFormat::text},
                                                     {"json", LogFormat::json}},
      [](Settings & s) -> auto& { return s.log.format; }, "How the log is written on stderr"));
  all.push_back(choice(
      "log-level",
      std::vector<std::pair<std::string, LogLevel>>{{"debug", LogLevel::debug},
                                                    {"info", LogLevel::info},
                                                    {"warning", LogLevel::warning},
                                                    {"error", LogLevel::error}},
      [](Settings & s) -> auto& { return s.log.level; },
      "What is logged: this, and what is worse"));
  all.push_back(slow_op());
}
// NOLINTEND(readability-identifier-length)

// How many letters have to be changed, added or left out.
std::size_t distance(std::string_view from, std::string_view to) {
  std::vector<std::size_t> row(to.size() + 1);
  for (std::size_t j = 0; j < row.size(); ++j) {
    row[j] = j;
  }
  for (std::size_t i = 0; i < from.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < to.size(); ++j) {
      const std::size_t changed = diagonal + (from[i] == to[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({changed, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

}  // namespace

std::span<const Option> all_options() {
  static const std::vector<Option> all = [] {
    std::vector<Option> made;
    add_network(made);
    add_tls(made);
    add_storage(made);
    add_serving(made);
    add_access(made);
    add_operations(made);
    return made;
  }();
  return all;
}

const Option* find_option(std::string_view name) {
  const auto options = all_options();
  const auto found = std::find_if(options.begin(), options.end(),
                                  [&](const Option& option) { return option.name == name; });
  return found == options.end() ? nullptr : &*found;
}

std::string similar_option(std::string_view name) {
  std::string similar;
  std::size_t least = std::min<std::size_t>(3, name.size());  // so many mistakes are another word
  for (const Option& option : all_options()) {
    const std::size_t mistakes = distance(name, option.name);
    if (mistakes < least) {
      least = mistakes;
      similar = option.name;
    }
  }
  return similar;
}

std::string env_name(const Option& option) {
  std::string name = "SEGUE_";
  for (const char letter : option.name) {
    name += letter == '-' ? '_' : static_cast<char>(letter - 'a' + 'A');
  }
  return name;
}

}  // namespace segue::server
