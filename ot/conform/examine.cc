#include "ot/conform/examine.h"

#include <algorithm>
#include <exception>
#include <functional>
#include <map>
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

  bool lacks_answer() const {
    return outcome_.example && outcome_.example->verdict == Verdict::none;
  }

  Outcome conclude(const TypeCases& cases, const ot::TypeRegistry& types, std::size_t tries,
                   const Ask& ask) {
    if (!outcome_.example) return outcome_;
    const Verdict kind = outcome_.example->verdict;
    const auto still_fails = [&](const Json& situation) {
      if (!is_sound(situation, cases, types)) return false;
      auto finding = check_.run(situation, ask);
      if (!finding || finding->verdict != kind || finding->expected.find("err")) return false;
      outcome_.example = std::move(finding);
      return true;
    };
    try {
      shrink(std::move(situation_), cases, types, tries, still_fails);
    } catch (const std::exception&) {
      // It ended too often: the example is the smallest that there is.
    }
    return outcome_;
  }

 private:
  const Check& check_;
  Outcome outcome_;
  Json situation_;
};

// Asks all at once what an implementation that agrees with Segue will be asked, so that nobody
// waits at each question. What else is asked is passed on.
class AskedAhead {
 public:
  AskedAhead(const Ask& ask, const ot::TypeRegistry& types) : ask_(ask), segue_(ask_segue(types)) {}

  void prepare(const std::vector<Check>& checks, const std::vector<Json>& situations) {
    std::vector<Json> requests;
    known_.clear();
    const Ask note = [&](const std::vector<Json>& asked) {
      for (const Json& request : asked) {
        if (known_.emplace(ot::json_text(request), Json()).second) requests.push_back(request);
      }
      return segue_(asked);
    };
    for (const Json& situation : situations) {
      for (const Check& check : checks) check.run(situation, note);
    }
    const std::vector<Json> replies = ask_(requests);
    for (std::size_t i = 0; i < requests.size(); ++i) {
      const std::string asked = ot::json_text(requests[i]);
      if (replies[i].find("none")) {
        known_.erase(asked);  // perhaps for the sake of another one: to be asked alone
      } else {
        known_[asked] = replies[i];
      }
    }
  }

  std::vector<Json> operator()(const std::vector<Json>& requests) const {
    std::vector<Json> replies;
    replies.reserve(requests.size());
    for (const Json& request : requests) {
      const auto known = known_.find(ot::json_text(request));
      replies.push_back(known == known_.end() ? ask_({request}).front() : known->second);
    }
    return replies;
  }

 private:
  const Ask& ask_;
  Ask segue_;
  std::map<std::string, Json, std::less<>> known_;
};

std::vector<Check> chosen_checks(const TypeCases& cases, const std::string& name,
                                 const ot::TypeRegistry& types) {
  std::vector<Check> checks = verb_checks(cases, types);
  for (Check& law : law_checks(cases, types)) checks.push_back(std::move(law));
  if (!name.empty()) {
    std::erase_if(checks, [&](const Check& check) { return check.name != name; });
  }
  return checks;
}

constexpr std::size_t batch_size = 50;

}  // namespace

std::vector<Outcome> examine(const TypeCases& cases, const Examination& examination,
                             const ot::TypeRegistry& types, const Ask& ask) {
  const std::vector<Check> checks = chosen_checks(cases, examination.verb, types);
  std::vector<Trial> trials(checks.begin(), checks.end());
  AskedAhead asked_ahead(ask, types);
  Random random(examination.seed);
  bool is_answered = true;
  for (std::size_t left = examination.cases; left > 0 && is_answered;) {
    std::vector<Json> situations(std::min(left, batch_size));
    left -= situations.size();
    for (Json& situation : situations) situation = cases.situation(random);
    asked_ahead.prepare(checks, situations);
    for (const Json& situation : situations) {
      if (!is_answered) break;
      for (Trial& trial : trials) trial.run(situation, std::cref(asked_ahead));
      is_answered = std::none_of(trials.begin(), trials.end(), std::mem_fn(&Trial::lacks_answer));
    }
  }
  std::vector<Outcome> outcomes;
  outcomes.reserve(trials.size());
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
