#include "ot/record/explain.h"

#include <algorithm>
#include <array>

#include "ot/json_text.h"
#include "ot/record/record_type.h"

namespace segue::ot::record {
namespace {

constexpr std::size_t shown_length_max = 60;

std::string cut(const Text& text) {
  const std::size_t length = text.length(Unit::code_point);
  if (length <= shown_length_max) return text.str();
  return text.slice(0, shown_length_max, Unit::code_point) + "…";
}

std::string shown(const Json& value) {
  if (value.is_null()) return "nothing";
  return value.is_string() ? "\"" + cut(value.text()) + "\"" : json_text(value);
}

// What people call an element; empty if that is not known.
std::string name_of(const List& list, const Json& element) {
  const Json* label = list.label.empty() ? nullptr : element.find(list.label);
  const bool is_named = label != nullptr && label->is_string() && !label->text().empty();
  return is_named ? "*" + cut(label->text()) + "*" : "";
}

std::string name_in_op(const Component& component) {
  if (const auto* add = as<Add>(component)) return name_of(*component.list, add->data);
  const auto* remove = as<Remove>(component);
  return remove != nullptr && remove->data ? name_of(*component.list, *remove->data) : "";
}

std::string name_in_doc(const Component& component, const Json& doc) {
  if (component.list == nullptr || as<Add>(component) != nullptr) return "";
  const Json* list = doc.find(component.list->key);
  if (list == nullptr || !list->is_array() || component.index >= list->size()) return "";
  const Json& element = (*list)[component.index];
  const Json* id = element.find("id");
  const bool is_meant = !component.id || (id != nullptr && *id == Json(*component.id));
  return is_meant ? name_of(*component.list, element) : "";
}

// The name of the element that each component is about, as far as the op or the document tells.
std::vector<std::string> names_of(const Op& op, const Json* doc) {
  std::vector<std::string> names;
  names.reserve(op.size());
  std::optional<Json> now;
  if (doc != nullptr) now = *doc;
  for (const Component& component : op) {
    names.push_back(name_in_op(component));
    if (!now) continue;
    if (names.back().empty()) names.back() = name_in_doc(component, *now);
    if (!apply(*now, {component})) now.reset();
  }
  return names;
}

// Makes the sentence about one component.
class Sentence {
 public:
  struct Party {
    const Component& component;
    const std::string& name;  // of its element
  };

  // REQUIRES: `because` unless the verdict is kept.
  Sentence(Party mine, const Finding& finding, Side side)
      : mine_(mine), finding_(finding), when_(side == Side::left ? " first" : " later") {}

  std::string write(const Party* because) const {
    if (because == nullptr) return subject() + " is unchanged";
    switch (finding_.verdict) {
      case Verdict::kept:
        return subject() + " is unchanged";
      case Verdict::shifted:
        return subject() + " moved from " + std::to_string(*finding_.from) + " to " +
               std::to_string(*finding_.to) + ": " + event(*because);
      case Verdict::overwrote:
        return overwrote(because->component);
      case Verdict::repaired:
        return repaired(because->component);
      case Verdict::overwritten:
        return overwritten(because->component);
      case Verdict::dropped:
        return subject() + " was dropped: " + why_dropped(*because);
    }
    return {};
  }

 private:
  static std::string element_of(const Party& party) {
    if (!party.name.empty()) return party.name;
    return "the " + party.component.list->entity;
  }

  std::string subject() const {
    const Component& component = mine_.component;
    if (as<Add>(component) != nullptr) return "your " + component.list->entity;
    if (as<Remove>(component) != nullptr) return "your removal of " + element_of(mine_);
    if (as<Move>(component) != nullptr) return "your move of " + element_of(mine_);
    const std::string what = as<Edit>(component) != nullptr        ? "your edit of "
                             : as<Increment>(component) != nullptr ? "your increment of "
                                                                   : "your ";
    const std::string field = what + field_of(component)->name;
    return component.list == nullptr ? field : field + " of " + element_of(mine_);
  }

  // What the other one did to the list.
  std::string event(const Party& other) const {
    const Component& component = other.component;
    const std::string index = std::to_string(component.index);
    const std::string known = other.name.empty() ? "a " + component.list->entity : other.name;
    if (as<Add>(component) != nullptr) return known + " was inserted at " + index + when_;
    if (const auto* move = as<Move>(component)) {
      return known + " was moved from " + index + " to " + std::to_string(move->to) + when_;
    }
    return known + " was removed at " + index + when_;
  }

  std::string overwrote(const Component& because) const {
    const std::string lost = shown(*finding_.lost);
    if (as<Move>(because) != nullptr) return subject() + " replaced a move of it to " + lost;
    if (as<Increment>(because) != nullptr) return subject() + " replaced an increment by " + lost;
    return subject() + " replaced " + lost + ", which was set" + when_;
  }

  std::string overwritten(const Component& because) const {
    const std::string lost = shown(*finding_.lost);
    if (const auto* set = as<Set>(because)) {
      const bool was_set = as<Set>(mine_.component) != nullptr;
      return subject() + (was_set ? " " : " by ") + lost + " was replaced by " + shown(set->value) +
             when_;
    }
    return subject() + " to " + lost + " was replaced by a move of it to " +
           std::to_string(as<Move>(because)->to) + when_;
  }

  std::string repaired(const Component& because) const {
    if (const auto* increment = as<Increment>(because)) {
      const Json by(increment->by.number(*increment->field->decimals));
      return subject() + " stands, and was incremented by " + shown(by) + when_;
    }
    return subject() + " stands, and another with its id, which was inserted later, does not";
  }

  std::string why_dropped(const Party& because) const {
    const Component& other = because.component;
    if (as<Remove>(other) != nullptr) {
      return (because.name.empty() ? "it" : because.name) + " was removed" + when_;
    }
    if (as<Add>(mine_.component) != nullptr) {
      return element_of(because) + " with the same id was inserted" + when_;
    }
    if (as<Edit>(other) != nullptr) return "the same text was deleted" + when_;
    if (as<Set>(other) != nullptr) return "the same value was set" + when_;
    return "it stands there already";
  }

  Party mine_;
  const Finding& finding_;
  std::string when_;
};

}  // namespace

std::string_view verdict_name(Verdict verdict) {
  constexpr std::array<std::string_view, 6> names = {"kept",     "shifted",     "overwrote",
                                                     "repaired", "overwritten", "dropped"};
  return names.at(static_cast<std::size_t>(verdict));
}

Result<Findings> explain(const Op& op, const Op& other, Side side, const Json* doc) {
  Findings findings;
  const auto transformed = transform(op, other, side, &findings);
  if (!transformed) return fail(transformed.error());
  const auto names = names_of(op, doc);
  const auto other_names = names_of(other, doc);
  for (std::size_t i = 0; i < op.size(); ++i) {
    Finding& finding = findings[i];
    const Sentence sentence({op[i], names[i]}, finding, side);
    if (finding.because) {
      const Sentence::Party because{other[*finding.because], other_names[*finding.because]};
      finding.text = sentence.write(&because);
    } else {
      finding.text = sentence.write(nullptr);
    }
  }
  return findings;
}

Json to_json(const Findings& findings, const Op& other) {
  std::vector<Json> list;
  list.reserve(findings.size());
  for (const Finding& finding : findings) {
    Json out = Json::object({{"component", list.size()}});
    out.set("verdict", verdict_name(finding.verdict));
    if (finding.from) out.set("from", *finding.from);
    if (finding.to) out.set("to", *finding.to);
    if (finding.lost) out.set("lost", *finding.lost);
    if (finding.because) out.set("because", to_json(other[*finding.because]));
    out.set("text", finding.text);
    list.push_back(std::move(out));
  }
  return Json::array(std::move(list));
}

}  // namespace segue::ot::record

namespace segue::ot {

Result<Json> RecordType::explain(const Op& op, const Op& other, Side side, const Json& doc) {
  const auto findings = record::explain(op, other, side, &doc);
  if (!findings) return fail(findings.error());
  return record::to_json(*findings, other);
}

}  // namespace segue::ot
