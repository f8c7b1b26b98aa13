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
    if (as<Add>(over) != nullptr) {
      over_add();
    } else if (as<Remove>(over) != nullptr) {
      over_remove();
    } else if (const auto* move = as<Move>(over)) {
      over_move(*move);
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

  // Lets the index go where its element goes. Answers whether there still is one.
  bool follow_element() {
    const auto index = follow(now_.index, other_.component);
    if (!index) return false;
    now_.index = *index;
    return true;
  }

  // ---- over an add: one at a place of its own comes in. Of two for one gap the earlier is first.

  void over_add() {
    const Component& over = other_.component;
    if (auto* move = as<Move>(now_)) {
      const Index gap = without(over.index, now_.index);
      if (gap < move->to || (gap == move->to && is_left())) ++move->to;
    } else if (const auto* add = as<Add>(now_)) {
      const Json& theirs = as<Add>(over)->data;
      if (id_of(add->data) == id_of(theirs)) return same_id(theirs);
      if (over.index < now_.index || (over.index == now_.index && is_left())) ++now_.index;
      return settle();
    }
    now_.index = *follow(now_.index, over);
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

  // ---- over a remove

  void over_remove() {
    const Component& over = other_.component;
    if (as<Add>(now_) != nullptr) {
      now_.index = without(now_.index, over.index);
      return settle();
    }
    const Index gap = without(over.index, now_.index);
    if (!follow_element()) return drop(Verdict::dropped);
    auto* move = as<Move>(now_);
    if (move != nullptr && gap < move->to) --move->to;
    settle();
  }

  // ---- over a move

  void over_move(const Move& over) {
    const Index from = other_.component.index;
    if (as<Add>(now_) != nullptr) {
      const Index gap = without(now_.index, from);
      const bool is_behind = over.to < gap || (over.to == gap && is_left());
      now_.index = is_behind ? gap + 1 : gap;
    } else if (auto* move = as<Move>(now_)) {
      if (now_.index == from) return both_moved(over);
      move->to = target_beside(*move, over);
      follow_element();
    } else {
      follow_element();
    }
    settle();
  }

  void both_moved(const Move& over) {
    const Index to = as<Move>(now_)->to;
    if (!is_left()) return drop(Verdict::overwritten);
    if (over.to != to) note(Verdict::overwrote);
    now_.index = over.to;
    is_idle(now_) ? drop(Verdict::dropped) : keep();
  }

  // Where a move ends when another element was moved. Both targets are looked at in the list
  // without the two elements, where each is a gap; in one gap somebody must be first.
  Index target_beside(const Move& move, const Move& over) const {
    const Index place = without(now_.index, other_.component.index);        // without the other
    const Index other_place = without(other_.component.index, now_.index);  // without this one
    const Index gap = other_place < move.to ? move.to - 1 : move.to;
    const Index other_gap = place < over.to ? over.to - 1 : over.to;
    const bool this_wants_behind = other_place < move.to;
    const bool other_wants_before = over.to <= place;
    const bool both_agree = this_wants_behind == other_wants_before;
    const bool tie_goes_behind = both_agree ? this_wants_behind : is_left();
    const bool is_behind = other_gap < gap || (other_gap == gap && tie_goes_behind);
    return is_behind ? gap + 1 : gap;
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
    auto paid = steps_.take(edit->text.size() + over.text.size());
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
