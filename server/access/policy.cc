#include "server/access/policy.h"

#include <algorithm>
#include <array>
#include <utility>

#include "ot/json_text.h"

namespace segue::access {

namespace {

using ot::Json;
using ot::Result;

struct Named {
  Action action;
  std::string_view name;
};
constexpr std::array<Named, 5> actions{{{Action::read, "read"},
                                        {Action::write, "write"},
                                        {Action::create, "create"},
                                        {Action::remove, "delete"},
                                        {Action::admin, "admin"}}};

tl::unexpected<ot::Error> wrong(std::string what) {
  return ot::fail(ot::Errc::uncoded, std::move(what));
}

std::uint8_t bit(Action action) {
  return static_cast<std::uint8_t>(1u << static_cast<unsigned>(action));
}

Result<Pattern> pattern_of(const Json& rule, std::string_view name, std::string_view fallback) {
  const Json* text = rule.find(name);
  if (text == nullptr && !fallback.empty()) {
    return Pattern::parse(fallback);
  }
  if (text == nullptr || !text->is_string()) {
    return wrong("`" + std::string(name) + "` is no pattern");
  }
  auto pattern = Pattern::parse(text->str());
  return pattern ? pattern : wrong("`" + std::string(name) + "`: " + pattern.error().detail);
}

Result<void> check_members(const Json& rule) {
  constexpr std::array<std::string_view, 5> known{"who", "collection", "id", "allow", "deny"};
  Result<void> result;
  rule.for_each_member([&](std::string_view name, const Json&) {
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      result = wrong("`" + std::string(name) + "` is no part of a rule");
    }
  });
  return result;
}

}  // namespace

Action action_of(ot::OpKind kind) {
  switch (kind) {
    case ot::OpKind::create:
      return Action::create;
    case ot::OpKind::remove:
      return Action::remove;
    case ot::OpKind::edit:
    case ot::OpKind::noop:
      break;
  }
  return Action::write;
}

std::string_view action_name(Action action) {
  return actions[static_cast<std::size_t>(action)].name;
}

std::optional<Action> action_named(std::string_view name) {
  for (const Named& known : actions) {
    if (known.name == name) {
      return known.action;
    }
  }
  return std::nullopt;
}

std::span<const Action> needed_for(Action action) {
  static constexpr Action read[] = {Action::read};
  static constexpr Action write[] = {Action::write, Action::read};
  static constexpr Action create[] = {Action::create, Action::read};
  static constexpr Action remove[] = {Action::remove, Action::read};
  static constexpr Action admin[] = {Action::admin};
  switch (action) {
    case Action::read:
      return read;
    case Action::write:
      return write;
    case Action::create:
      return create;
    case Action::remove:
      return remove;
    case Action::admin:
      break;
  }
  return admin;
}

Result<Rule> Rule::from_json(const Json& json) {
  if (!json.is_object()) {
    return wrong("a rule is an object");
  }
  if (auto known = check_members(json); !known) {
    return ot::fail(known.error());
  }
  auto collection = pattern_of(json, "collection", "");
  auto id = pattern_of(json, "id", "*");
  if (!collection || !id) {
    return ot::fail(collection ? id.error() : collection.error());
  }
  Rule rule(std::move(*collection), std::move(*id));
  const Json* who = json.find("who");
  if (auto read = who != nullptr ? rule.read_conditions(*who) : Result<void>{}; !read) {
    return ot::fail(read.error());
  }
  const Json* allow = json.find("allow");
  const Json* deny = json.find("deny");
  if ((allow == nullptr) == (deny == nullptr)) {
    return wrong("a rule has either `allow` or `deny`");
  }
  rule.allows_ = allow != nullptr;
  if (auto read = rule.read_actions(allow != nullptr ? *allow : *deny); !read) {
    return ot::fail(read.error());
  }
  rule.text_ = ot::json_text(json);
  return rule;
}

Result<void> Rule::read_conditions(const Json& who) {
  if (!who.is_object()) {
    return wrong("`who` is no object");
  }
  Result<void> result;
  who.for_each_member([&](std::string_view claim, const Json& value) {
    Condition condition{std::string(claim), {}};
    const auto add = [&](const Json& one) {
      if (one.is_array() || one.is_object() || one.is_null()) {
        result = wrong("`who`: a value of `" + std::string(claim) + "` is no text, number or bool");
      }
      condition.values.push_back(one);
    };
    value.is_array() ? value.for_each_element(add) : add(value);
    who_.push_back(std::move(condition));
  });
  return result;
}

Result<void> Rule::read_actions(const Json& list) {
  if (!list.is_array() || list.size() == 0) {
    return wrong("`allow` and `deny` are lists of actions");
  }
  for (std::size_t i = 0; i < list.size(); ++i) {
    const auto action = list[i].is_string() ? action_named(list[i].str()) : std::nullopt;
    if (!action) {
      return wrong("an action is one of read, write, create, delete, admin");
    }
    actions_ |= bit(*action);
  }
  return {};
}

bool Rule::is_about(const Json& claims) const {
  return std::all_of(who_.begin(), who_.end(), [&](const Condition& condition) {
    const auto wanted = [&](const Json& value) {
      return std::find(condition.values.begin(), condition.values.end(), value) !=
             condition.values.end();
    };
    const Json* claim = claims.find(condition.claim);
    if (claim == nullptr || !claim->is_array()) {
      return claim != nullptr && wanted(*claim);
    }
    bool found = false;
    claim->for_each_element([&](const Json& one) { found = found || wanted(one); });
    return found;
  });
}

bool Rule::decides(const Json& claims, Action action, std::string_view collection,
                   std::string_view id) const {
  return concerns(claims, action, collection) && id_.matches(id, claims);
}

bool Rule::concerns(const Json& claims, Action action, std::string_view collection) const {
  return (actions_ & bit(action)) != 0 && collection_.matches(collection, claims) &&
         is_about(claims);
}

Result<Policy> Policy::from_rules(const Json& rules, std::size_t count_max) {
  if (!rules.is_array() || rules.size() > count_max) {
    return wrong("`rules` is no list of at most " + std::to_string(count_max) + " rules");
  }
  Policy policy;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    auto rule = Rule::from_json(rules[i]);
    if (!rule) {
      return wrong("rule " + std::to_string(i + 1) + ": " + rule.error().detail);
    }
    policy.rules_.push_back(std::move(*rule));
  }
  return policy;
}

Result<Policy> Policy::from_json(const Json& file) {
  const Json* rules = file.find("rules");
  if (rules == nullptr || file.size() != 1) {
    return wrong("not a policy: {\"rules\": [...]}");
  }
  return from_rules(*rules);
}

std::optional<std::size_t> Policy::decisive(const Json& claims, Action action,
                                            std::string_view collection,
                                            std::string_view id) const {
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    if (rules_[i].decides(claims, action, collection, id)) {
      return i;
    }
  }
  return std::nullopt;
}

}  // namespace segue::access
