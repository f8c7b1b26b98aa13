// Rights: what the bearer of one token may do: the token and the policy of the day.
//
// Threads: any; immutable, and shared by all that act for the bearer.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "ot/result.h"
#include "server/access/policy.h"
#include "server/access/token.h"

namespace segue::access {

struct Decision {
  bool allowed = false;
  const Rule* rule = nullptr;  // that decided; null: none did, so it is denied
  std::string place;           // "rule 2 of the policy"
};

class Rights {
 public:
  static constexpr std::size_t token_rules_max = 100;

  // Errors: unauthorized, the rules in the token have a mistake.
  static ot::Result<std::shared_ptr<const Rights>> make(Identity identity,
                                                        std::shared_ptr<const Policy> policy);

  const Identity& identity() const { return identity_; }
  const std::string& author() const { return identity_.author; }

  bool allow(Action action, std::string_view collection, std::string_view id) const;
  // The same for every document of a collection, also those that do not exist yet.
  bool allow_all(Action action, std::string_view collection) const;
  // Whether it may show and see presences in a channel. One that may be a document's,
  // COLLECTION.ID, is as secret as that; either name may have dots in it.
  bool allow_channel(std::string_view channel) const;
  Decision explain(Action action, std::string_view collection, std::string_view id) const;

 private:
  Rights(Identity identity, std::shared_ptr<const Policy> policy, Policy own)
      : identity_(std::move(identity)), policy_(std::move(policy)), own_(std::move(own)) {}

  Identity identity_;
  std::shared_ptr<const Policy> policy_;
  Policy own_;  // from the token
};

}  // namespace segue::access
