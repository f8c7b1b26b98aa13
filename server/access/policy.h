// Policy: rules that say who may do what to which documents, and which of them decides. Normative:
// spec/access.md, "Rules".
//
// Threads: any; immutable. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ot/json.h"
#include "ot/op.h"
#include "ot/result.h"
#include "server/access/pattern.h"

namespace segue::access {

enum class Action : std::uint8_t { read, write, create, remove, admin };

// What an op of this kind is.
Action action_of(ot::OpKind kind);
std::string_view action_name(Action action);  // "delete" for remove
std::optional<Action> action_named(std::string_view name);
// What must be allowed to do it. Who submits an op also gets those it was missing, so that takes
// the right to read as well.
std::span<const Action> needed_for(Action action);

class Rule {
 public:
  // Errors: uncoded, what is wrong with it.
  static ot::Result<Rule> from_json(const ot::Json& rule);

  // Whether it says anything about this action by the bearer of these claims.
  bool decides(const ot::Json& claims, Action action, std::string_view collection,
               std::string_view id) const;
  // Whether it does so of some document of the collection, or of all.
  bool concerns(const ot::Json& claims, Action action, std::string_view collection) const;
  bool is_for_all_ids() const { return id_.matches_all(); }
  bool allows() const { return allows_; }
  const std::string& text() const { return text_; }  // as JSON

 private:
  struct Condition {
    std::string claim;
    std::vector<ot::Json> values;  // any of them
  };
  Rule(Pattern collection, Pattern id) : collection_(std::move(collection)), id_(std::move(id)) {}
  ot::Result<void> read_conditions(const ot::Json& who);
  ot::Result<void> read_actions(const ot::Json& actions);
  bool is_about(const ot::Json& claims) const;

  Pattern collection_;
  Pattern id_;
  std::vector<Condition> who_;  // all of them
  std::uint8_t actions_ = 0;    // a bit each
  bool allows_ = false;
  std::string text_;
};

class Policy {
 public:
  static constexpr std::size_t rules_max = 1000;

  // `rules`: a list. Errors: uncoded, with the rule's place in the list and what is wrong with it.
  static ot::Result<Policy> from_rules(const ot::Json& rules, std::size_t count_max = rules_max);
  // A policy file: {"rules": [...]}. Errors as above.
  static ot::Result<Policy> from_json(const ot::Json& file);

  // The place of the rule that decides, from 0.
  std::optional<std::size_t> decisive(const ot::Json& claims, Action action,
                                      std::string_view collection, std::string_view id) const;
  const std::vector<Rule>& rules() const { return rules_; }

 private:
  std::vector<Rule> rules_;
};

}  // namespace segue::access
