#include "server/access/rights.h"

#include <optional>
#include <utility>

namespace segue::access {

ot::Result<std::shared_ptr<const Rights>> Rights::make(Identity identity,
                                                       std::shared_ptr<const Policy> policy) {
  ot::Result<Policy> own;
  if (const ot::Json* rules = identity.claims.find("rules")) {
    own = Policy::from_rules(*rules, token_rules_max);
    if (!own) {
      return ot::fail(ot::Errc::unauthorized, "the token's `rules`: " + own.error().detail);
    }
  }
  return std::shared_ptr<const Rights>(
      new Rights(std::move(identity), std::move(policy), std::move(*own)));
}

bool Rights::allow(Action action, std::string_view collection, std::string_view id) const {
  for (const Policy* policy : {policy_.get(), &own_}) {
    if (const auto at = policy->decisive(identity_.claims, action, collection, id)) {
      return policy->rules()[*at].allows();
    }
  }
  return false;
}

bool Rights::allow_all(Action action, std::string_view collection) const {
  for (const Policy* policy : {policy_.get(), &own_}) {
    for (const Rule& rule : policy->rules()) {
      if (!rule.concerns(identity_.claims, action, collection)) {
        continue;
      }
      if (!rule.allows() || rule.is_for_all_ids()) {
        return rule.allows();
      }
    }
  }
  return false;
}

bool Rights::allow_channel(std::string_view channel) const {
  constexpr std::size_t dots_max = 16;
  std::size_t dots = 0;
  for (std::size_t dot = channel.find('.'); dot != std::string_view::npos;
       dot = channel.find('.', dot + 1)) {
    if (++dots > dots_max ||
        !allow(Action::read, channel.substr(0, dot), channel.substr(dot + 1))) {
      return false;
    }
  }
  return true;
}

Decision Rights::explain(Action action, std::string_view collection, std::string_view id) const {
  for (const Policy* policy : {policy_.get(), &own_}) {
    if (const auto at = policy->decisive(identity_.claims, action, collection, id)) {
      const Rule& rule = policy->rules()[*at];
      return {rule.allows(), &rule,
              "rule " + std::to_string(*at + 1) +
                  (policy == &own_ ? " of the token" : " of the policy")};
    }
  }
  return {};
}

}  // namespace segue::access
