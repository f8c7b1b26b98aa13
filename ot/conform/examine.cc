#include "ot/conform/examine.h"

#include <utility>

#include "ot/conform/shrink.h"
#include "ot/json_text.h"

namespace segue::conform {
namespace {

using ot::Json;

// Runs one check and keeps the smallest situation in which it fails.
class Trial {
 public:
  explicit Trial(const Check& check) : check_(check) {
    outcome_.check = check.name;
    outcome_.rule = check.rule;
  }

  void run(const Json& situation, const Ask& ask) {
    if (outcome_.is_skipped) return;
    ++outcome_.cases;
    auto finding = check_.run(situation, ask);
    if (!finding) return;
    if (check_.is_optional && finding->verdict == Verdict::unsupported) {
      outcome_.is_skipped = true;
      return;
    }
    ++outcome_.failed;
    if (outcome_.example && situation.printed_bytes() >= situation_.printed_bytes()) return;
    situation_ = situation;
    outcome_.example = std::move(finding);
  }

  Outcome conclude(const TypeCases& cases, const ot::TypeRegistry& types, std::size_t tries,
                   const Ask& ask) {
    if (!outcome_.example) return outcome_;
    const Verdict kind = outcome_.example->verdict;
    const auto still_fails = [&](const Json& situation) {
      if (!is_sound(situation, cases, types)) return false;
      const auto finding = check_.run(situation, ask);
      return finding && finding->verdict == kind && finding->expected.find("err") == nullptr;
    };
    situation_ = shrink(std::move(situation_), cases, types, tries, still_fails);
    outcome_.example = check_.run(situation_, ask);
    return outcome_;
  }

 private:
  const Check& check_;
  Outcome outcome_;
  Json situation_;
};

}  // namespace

std::vector<Outcome> examine(const TypeCases& cases, const Examination& examination,
                             const ot::TypeRegistry& types, const Ask& ask) {
  std::vector<Check> checks = verb_checks(cases, types);
  for (Check& law : law_checks(cases, types)) checks.push_back(std::move(law));
  std::vector<Trial> trials;
  for (const Check& check : checks) {
    if (examination.verb.empty() || check.name == examination.verb) trials.emplace_back(check);
  }
  Random random(examination.seed);
  for (std::size_t i = 0; i < examination.cases; ++i) {
    const Json situation = cases.situation(random);
    for (Trial& trial : trials) trial.run(situation, ask);
  }
  std::vector<Outcome> outcomes;
  for (Trial& trial : trials) {
    outcomes.push_back(trial.conclude(cases, types, examination.shrink_tries, ask));
  }
  return outcomes;
}

std::string vector_line(const Finding& finding, std::string_view source) {
  Json vector = finding.request;
  vector.set("src", source);
  Json expect = finding.expected;
  if (expect.find("err") != nullptr) expect = Json::object({{"err", *expect.find("err")}});
  vector.set("expect", std::move(expect));
  return ot::json_text(vector);
}

}  // namespace segue::conform
