#include <utility>

#include "ot/record/explain.h"
#include "ot/types/component_lists.h"

namespace segue::ot::record {
namespace {

// A component on its way through the other op.
struct Traced {
  Component component;
  std::size_t origin = 0;        // its place in the op that it came from
  Findings* findings = nullptr;  // of that op, where they are wanted
};
using TracedList = std::vector<Traced>;

// Where a component stands and, of a move, where it ends.
struct Places {
  Index index;
  Index to;
};
Places places_of(const Component& component) {
  const auto* move = as<Move>(component);
  return {component.index, move != nullptr ? move->to : 0};
}
void put_at(Component& component, const Places& places) {
  component.index = places.index;
  if (auto* move = as<Move>(component)) move->to = places.to;
}

// Whether it shifts what stands in its list.
bool is_shifting(const Component& component) {
  return as<Add>(component) != nullptr || as<Remove>(component) != nullptr ||
         as<Move>(component) != nullptr;
}

// Of two that shift one list: whether both add one id or move one element. Then more than places
// becomes different.
bool do_collide(const Component& a, const Component& b) {
  const auto* add = as<Add>(a);
  const auto* other_add = as<Add>(b);
  if (add != nullptr && other_add != nullptr) {
    return *add->data.find("id") == *other_add->data.find("id");
  }
  return as<Move>(a) != nullptr && as<Move>(b) != nullptr && a.index == b.index;
}

// Moves the places of a component to where they are after another one that shifts its list.
// REQUIRES: they do not collide.
class Shift {
 public:
  Shift(const Component& component, const Component& over, Side side)
      : is_add_(as<Add>(component) != nullptr),
        is_move_(as<Move>(component) != nullptr),
        is_left_(side == Side::left),
        places_(places_of(component)),
        over_(over) {}

  // Nothing if the element is gone.
  std::optional<Places> run() {
    if (is_add_) {
      shift_gap();
      return places_;
    }
    if (is_move_) shift_target();
    const auto index = follow(places_.index, over_);
    if (!index) return std::nullopt;
    places_.index = *index;
    return places_;
  }

 private:
  // An add stands in a gap. Of two for one gap the earlier is first.
  void shift_gap() {
    Index& index = places_.index;
    if (as<Add>(over_) != nullptr) {
      if (over_.index < index || (over_.index == index && is_left_)) ++index;
      return;
    }
    index = without(index, over_.index);
    const auto* move = as<Move>(over_);
    if (move != nullptr && (move->to < index || (move->to == index && is_left_))) ++index;
  }

  void shift_target() {
    const Index gap = without(over_.index, places_.index);
    Index& to = places_.to;
    if (as<Add>(over_) != nullptr) {
      if (gap < to || (gap == to && is_left_)) ++to;
    } else if (const auto* move = as<Move>(over_)) {
      to = target_beside(*move);
    } else if (gap < to) {
      --to;
    }
  }

  // Where a move ends when another element was moved. Both targets are looked at in the list
  // without the two elements, where each is a gap; in one gap somebody must be first.
  Index target_beside(const Move& over) const {
    const Index place = without(places_.index, over_.index);        // without the other
    const Index other_place = without(over_.index, places_.index);  // without this one
    const Index gap = other_place < places_.to ? places_.to - 1 : places_.to;
    const Index other_gap = place < over.to ? over.to - 1 : over.to;
    const bool this_wants_behind = other_place < places_.to;
    const bool other_wants_before = over.to <= place;
    const bool both_agree = this_wants_behind == other_wants_before;
    const bool tie_goes_behind = both_agree ? this_wants_behind : is_left_;
    const bool is_behind = other_gap < gap || (other_gap == gap && tie_goes_behind);
    return is_behind ? gap + 1 : gap;
  }

  bool is_add_;
  bool is_move_;
  bool is_left_;
  Places places_;
  const Component& over_;
};

// The places of a component after another one; nothing if more than these may become different.
std::optional<Places> only_shifted(const Component& now, const Component& over, Side side) {
  if (is_shifting(over)) {
    if (do_collide(now, over)) return std::nullopt;
    const auto places = Shift(now, over, side).run();
    const bool is_idle = places && as<Move>(now) != nullptr && places->to == places->index;
    return is_idle ? std::nullopt : places;
  }
  if (now.list != nullptr && now.index != over.index) return places_of(now);
  const auto* remove = as<Remove>(now);
  const bool do_meet =
      remove != nullptr ? remove->data.has_value() : field_of(now) == field_of(over);
  const bool do_add_up = as<Increment>(now) != nullptr && as<Increment>(over) != nullptr;
  return do_meet && !do_add_up ? std::nullopt : std::optional(places_of(now));
}

// Transforms one component over another one.
class PairTransform {
 public:
  PairTransform(TracedList& out, const Traced& traced, const Traced& other, Side side, Steps& steps)
      : out_(out),
        traced_(traced),
        now_(traced.component),
        other_(other),
        side_(side),
        steps_(steps) {}

  Result<void> run() {
    const Component& over = other_.component;
    if (now_.list != over.list) {
      keep();
      return {};
    }
    if (is_shifting(over)) {
      over_shift();
    } else if (now_.list != nullptr && (as<Add>(now_) != nullptr || now_.index != over.index)) {
      keep();
    } else {
      return over_edit();
    }
    return {};
  }

 private:
  bool is_left() const { return side_ == Side::left; }

  void note(Verdict verdict) {
    if (verdict == Verdict::overwrote) steps_.note_overwrite();
    if (traced_.findings == nullptr) return;
    Finding& finding = (*traced_.findings)[traced_.origin];
    // Of several values that gave way the last one stood when this one came.
    const bool stands =
        verdict == Verdict::overwrote ? verdict < finding.verdict : verdict <= finding.verdict;
    if (stands) return;
    finding.verdict = verdict;
    finding.because = other_.origin;
  }

  void keep() { out_.push_back({std::move(now_), traced_.origin, traced_.findings}); }
  void drop(Verdict verdict) { note(verdict); }

  // Ends the turn of a component whose places were shifted.
  void settle() {
    if (is_idle(now_)) return drop(Verdict::dropped);
    if (traced_.findings != nullptr && now_ != traced_.component) note(Verdict::shifted);
    keep();
  }

  // ---- over an add, a remove or a move in the same list

  void over_shift() {
    const Component& over = other_.component;
    if (do_collide(now_, over)) {
      return as<Add>(now_) != nullptr ? same_id(as<Add>(over)->data) : both_moved(*as<Move>(over));
    }
    const auto places = Shift(now_, over, side_).run();
    if (!places) return drop(Verdict::dropped);
    put_at(now_, *places);
    settle();
  }

  // Two elements with one id cannot stand: the earlier commit does.
  void same_id(const Json& theirs) {
    if (is_left()) return drop(Verdict::dropped);
    note(Verdict::repaired);
    const Component& over = other_.component;
    Component remove{over.list, over.index, id_of(theirs), Remove{theirs}};
    out_.push_back({std::move(remove), traced_.origin, nullptr});  // The add is what is told of.
    keep();
  }

  void both_moved(const Move& over) {
    const Index to = as<Move>(now_)->to;
    if (!is_left()) return drop(Verdict::overwritten);
    if (over.to != to) note(Verdict::overwrote);
    now_.index = over.to;
    is_idle(now_) ? drop(Verdict::dropped) : keep();
  }

  // ---- over a set, edit or increment of the same element or of the record

  Result<void> over_edit() {
    const Component& over = other_.component;
    if (auto* remove = as<Remove>(now_)) {
      if (remove->data && !edit_element(*remove->data, over)) remove->data.reset();
      keep();
    } else if (field_of(now_) != field_of(over)) {
      keep();
    } else if (const auto* set = as<Set>(over)) {
      over_set(*set);
    } else if (const auto* increment = as<Increment>(over)) {
      over_increment(*increment);
    } else {
      return over_text(*as<Edit>(over));
    }
    return {};
  }

  void over_set(const Set& over) {
    if (auto* set = as<Set>(now_)) {
      const bool is_same = set->value == over.value;
      if (!is_left()) {
        return drop(is_same ? Verdict::dropped : Verdict::overwritten);
      }
      if (set->was) set->was = over.value;
      if (!is_same) note(Verdict::overwrote);
    } else if (as<Increment>(now_) != nullptr && !is_left()) {
      return drop(Verdict::overwritten);
    }
    keep();
  }

  void over_increment(const Increment& over) {
    if (auto* set = as<Set>(now_)) {
      if (set->was) set->was = sum(*set->was, over);
      if (is_left()) {
        note(Verdict::overwrote);
      } else {
        set->value = sum(set->value, over);
        note(Verdict::repaired);
      }
    }
    keep();
  }

  static Json sum(const Json& value, const Increment& increment) {
    const int decimals = *increment.field->decimals;
    const auto units = Units::of(value.number(), decimals);
    return (units.value_or(Units(0)) + increment.by).number(decimals);
  }

  // text-unicode puts the left insert first where two meet; here the earlier one, which is right.
  Result<void> over_text(const Edit& over) {
    auto* edit = as<Edit>(now_);
    auto paid = steps_.take(edit->text.parts.size() + over.text.parts.size());
    if (!paid) return paid;
    auto text = TextUnicode::transform(edit->text, over.text, is_left() ? Side::right : Side::left);
    if (!text) return fail(std::move(text.error()));
    edit->text = std::move(*text);
    is_idle(now_) ? drop(Verdict::dropped) : keep();
    return {};
  }

  TracedList& out_;
  const Traced& traced_;
  Component now_;
  const Traced& other_;
  Side side_;
  Steps& steps_;
};

// For ListTransform. Nothing is merged: each component can be told where it came from.
struct Rules {
  using Component = Traced;

  static Result<void> append(TracedList& list, Traced component) {
    list.push_back(std::move(component));
    return {};
  }
  static Result<void> transform_component(TracedList& out, const Traced& component,
                                          const Traced& other, Side side, Steps& steps) {
    return PairTransform(out, component, other, side, steps).run();
  }
  static bool pass(Traced& left, Traced& right) {
    if (left.findings != nullptr || right.findings != nullptr) return false;
    if (left.component.list != right.component.list) return true;
    const auto left_places = only_shifted(left.component, right.component, Side::left);
    const auto right_places = only_shifted(right.component, left.component, Side::right);
    if (!left_places || !right_places) return false;
    put_at(left.component, *left_places);
    put_at(right.component, *right_places);
    return true;
  }
};

TracedList traced(const Op& op, Findings* findings) {
  TracedList list;
  list.reserve(op.size());
  for (const Component& component : op) list.push_back({component, list.size(), findings});
  return list;
}

// Where a component changes the list: of a move where it ends, unless only its index was shifted.
struct Span {
  Index from;
  Index to;
};
Span span(const Component& before, const Component& after) {
  const auto* move = as<Move>(before);
  const auto* moved = as<Move>(after);
  if (move != nullptr && moved != nullptr && move->to != moved->to) return {move->to, moved->to};
  return {before.index, after.index};
}

// What a component wrote, that another one may replace.
Json written(const Component& component) {
  if (const auto* set = as<Set>(component)) return set->value;
  if (const auto* move = as<Move>(component)) return move->to;
  const auto& increment = *as<Increment>(component);
  return increment.by.number(*increment.field->decimals);
}

// Tells where components ended up in the end, and what was lost as its author had it. One that was
// shifted up and down again was not.
void finish(Findings& findings, const Op& op, const Op& other, const TracedList& result) {
  for (std::size_t i = 0; i < findings.size(); ++i) {
    Finding& finding = findings[i];
    if (finding.verdict == Verdict::overwritten) finding.lost = written(op[i]);
    if (finding.verdict == Verdict::overwrote) finding.lost = written(other[*finding.because]);
  }
  for (const Traced& traced : result) {
    if (traced.findings == nullptr) continue;
    const Span places = span(op[traced.origin], traced.component);
    Finding& finding = findings[traced.origin];
    finding.from.reset();
    finding.to.reset();
    if (places.from != places.to) {
      finding.from = places.from;
      finding.to = places.to;
    } else if (finding.verdict == Verdict::shifted) {
      finding = Finding{};
    }
  }
}

}  // namespace

Result<Op> transform(const Op& op, const Op& other, Side side, Steps& steps, Findings* findings) {
  if (findings != nullptr) findings->assign(op.size(), Finding{});
  auto result =
      ListTransform<Rules>::one(traced(op, findings), traced(other, nullptr), side, steps);
  if (!result) return fail(std::move(result.error()));
  if (findings != nullptr) finish(*findings, op, other, *result);
  Op transformed;
  transformed.reserve(result->size());
  for (Traced& traced : *result) transformed.push_back(std::move(traced.component));
  return transformed;
}

}  // namespace segue::ot::record
