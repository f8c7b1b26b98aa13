#include "ot/conform/check.h"

#include <utility>

#include "ot/conformance.h"

namespace segue::conform {
namespace {

using ot::Json;

// A conversation about one situation, which remembers what was said. Once an answer is missing,
// nothing more is asked.
class Dialogue {
 public:
  Dialogue(const TypeCases& cases, const Json& situation, const Ask& ask)
      : cases_(cases), situation_(situation), ask_(ask) {}

  // Asks a verb about the situation, and remembers a result in it as `name`.
  void ask(std::string_view name, const Verb& verb) {
    if (has_failed_) return;
    requests_.push_back(request_of(cases_.type, verb, situation_));
    replies_.push_back(ask_({requests_.back()}).front());
    const Json* result = replies_.back().find("ok");
    has_failed_ = result == nullptr;
    is_moot_ = has_failed_ && (replies_.back().find("conflict") != nullptr ||
                               replies_.back().find("undef") != nullptr);
    if (result != nullptr) situation_.set(name, *result);
  }
  void ask_inverse(std::string_view name) { ask(name, cases_.inversion); }

  // No law binds ops that are in conflict, nor those that leave no document.
  bool are_equal(std::string_view a, std::string_view b) const {
    return is_moot_ || (!has_failed_ && *situation_.find(a) == *situation_.find(b));
  }

  // The first answer that Segue would not have given.
  std::optional<Finding> first_difference(const ot::TypeRegistry& types) const {
    for (std::size_t i = 0; i < requests_.size(); ++i) {
      const Json expected = ot::conformance_reply(requests_[i], types);
      const Verdict verdict = compare(requests_[i], expected, replies_[i], types);
      if (verdict != Verdict::equal) return Finding{verdict, requests_[i], expected, replies_[i]};
    }
    return std::nullopt;
  }

 private:
  const TypeCases& cases_;
  Json situation_;
  const Ask& ask_;
  std::vector<Json> requests_;
  std::vector<Json> replies_;
  bool has_failed_ = false;
  bool is_moot_ = false;
};

struct Law {
  std::string_view name;
  std::string_view rule;
  // Whether it holds.
  bool (*holds)(Dialogue& dialogue);
};

bool converges(Dialogue& dialogue) {
  dialogue.ask("one", {"apply", "doc op"});
  dialogue.ask("two", {"apply", "doc op=other"});
  dialogue.ask("left", {"transform", "op other side=leftSide"});
  dialogue.ask("right", {"transform", "op=other other=op side=rightSide"});
  dialogue.ask("oneThenTwo", {"apply", "doc=one op=right"});
  dialogue.ask("twoThenOne", {"apply", "doc=two op=left"});
  return dialogue.are_equal("oneThenTwo", "twoThenOne");
}

bool composes(Dialogue& dialogue) {
  dialogue.ask("one", {"apply", "doc op"});
  dialogue.ask("parts", {"apply", "doc=one op=next"});
  dialogue.ask("both", {"compose", "op other=next"});
  dialogue.ask("whole", {"apply", "doc op=both"});
  return dialogue.are_equal("parts", "whole");
}

bool inverts(Dialogue& dialogue) {
  dialogue.ask("one", {"apply", "doc op"});
  dialogue.ask_inverse("inverse");
  dialogue.ask("back", {"apply", "doc=one op=inverse"});
  return dialogue.are_equal("back", "doc");
}

bool normalizes(Dialogue& dialogue) {
  dialogue.ask("one", {"apply", "doc op"});
  dialogue.ask("normal", {"normalize", "op"});
  dialogue.ask("two", {"apply", "doc op=normal"});
  return dialogue.are_equal("one", "two");
}

constexpr Law laws[] = {{"converge", "concurrent ops lead to one document on both ways", converges},
                        {"compose", "a composed op does what its parts do in a row", composes},
                        {"invert", "an inverse takes its op back", inverts},
                        {"normalize", "a normalized op does what the op does", normalizes}};

Json with_both_sides(Json situation) {
  situation.set("leftSide", "left");
  situation.set("rightSide", "right");
  return situation;
}

}  // namespace

Ask ask_segue(const ot::TypeRegistry& types) {
  return [&types](const std::vector<Json>& requests) {
    std::vector<Json> replies;
    replies.reserve(requests.size());
    for (const Json& request : requests) replies.push_back(ot::conformance_reply(request, types));
    return replies;
  };
}

std::vector<Check> verb_checks(const TypeCases& cases, const ot::TypeRegistry& types) {
  std::vector<Check> checks;
  for (const Verb& verb : cases.verbs) {
    const auto run = [&cases, &types, &verb](const Json& situation,
                                             const Ask& ask) -> std::optional<Finding> {
      Json request = request_of(cases.type, verb, situation);
      Json expected = ot::conformance_reply(request, types);
      Json reply = ask({request}).front();
      const Verdict verdict = compare(request, expected, reply, types);
      if (verdict == Verdict::equal) return std::nullopt;
      return Finding{verdict, std::move(request), std::move(expected), std::move(reply)};
    };
    checks.push_back({verb.name, "", verb.is_optional, run});
  }
  return checks;
}

std::vector<Check> law_checks(const TypeCases& cases, const ot::TypeRegistry& types) {
  std::vector<Check> checks;
  for (const Law& law : laws) {
    if (law.holds == inverts && cases.inversion.name.empty()) continue;
    const auto run = [&cases, &types, &law](const Json& situation,
                                            const Ask& ask) -> std::optional<Finding> {
      Dialogue dialogue(cases, with_both_sides(situation), ask);
      if (law.holds(dialogue)) return std::nullopt;
      return dialogue.first_difference(types);
    };
    checks.push_back({"law: " + std::string(law.name), std::string(law.rule), false, run});
  }
  return checks;
}

bool is_sound(const Json& situation, const TypeCases& cases, const ot::TypeRegistry& types) {
  const Ask ask = ask_segue(types);
  for (const Law& law : laws) {
    if (law.holds == inverts && cases.inversion.name.empty()) continue;
    Dialogue dialogue(cases, with_both_sides(situation), ask);
    if (!law.holds(dialogue)) return false;
  }
  return true;
}

}  // namespace segue::conform
