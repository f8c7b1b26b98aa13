#include <utility>

#include "ot/record/op.h"

namespace segue::ot::record {
namespace {

// Merges a component into the last one of an op, where that is possible and what comes of it keeps
// the limits: an op that a client composes of two must be one that it may submit.
class Merge {
 public:
  // What is left of the two: one component, or none where they take each other back.
  using Merged = std::optional<Component>;

  Merge(const Component& last, const Component& next) : last_(last), next_(next) {}

  // Whether the two can be one; then it is in merged().
  bool run() {
    if (last_.list != next_.list) return false;
    if (const auto* add = as<Add>(last_)) return next_.list != nullptr && into_add(*add);
    if (contradicts()) return false;
    if (const auto* move = as<Move>(last_)) return after_move(*move);
    const Field* field = field_of(last_);
    if (field == nullptr || field != field_of(next_) || last_.index != next_.index) return false;
    if (const auto* set = as<Set>(last_)) return after_set(*set);
    if (const auto* edit = as<Edit>(last_)) return after_edit(*edit);
    return after_increment(*as<Increment>(last_));
  }

  Merged& merged() { return merged_; }

 private:
  bool contradicts() const { return last_.id && next_.id && *last_.id != *next_.id; }

  bool becomes(Instruction instruction) {
    merged_ = last_;
    if (!merged_->id) merged_->id = next_.id;
    merged_->instruction = std::move(instruction);
    return true;
  }

  bool into_add(const Add& add) {
    if (next_.index != last_.index || as<Add>(next_) != nullptr) return false;
    if (next_.id && *next_.id != id_of(add.data)) return false;
    if (as<Remove>(next_) != nullptr) return true;
    merged_ = last_;
    if (const auto* move = as<Move>(next_)) {
      merged_->index = move->to;
      return true;
    }
    Json& data = as<Add>(*merged_)->data;
    if (!edit_element(data, next_)) return false;
    const Field& field = *field_of(next_);
    return field.check(field.read(data), Check::limits).has_value();
  }

  bool after_move(const Move& move) {
    if (next_.index != move.to) return false;
    if (const auto* again = as<Move>(next_)) return becomes(*again);
    const auto* remove = as<Remove>(next_);
    return remove != nullptr && becomes(*remove);
  }

  bool after_set(const Set& set) {
    if (const auto* again = as<Set>(next_)) {
      return becomes(Set{set.field, again->value, set.was});
    }
    Json value = sum(set.value, as<Increment>(next_)->by, *set.field);
    if (!set.field->check(value, Check::limits)) return false;
    return becomes(Set{set.field, std::move(value), set.was});
  }

  bool after_edit(const Edit& edit) {
    auto text = TextUnicode::compose(edit.text, as<Edit>(next_)->text);
    if (!text || inserted_length(*text) > edit.field->length_max) return false;
    return becomes(Edit{edit.field, std::move(*text)});
  }

  bool after_increment(const Increment& increment) {
    const Field& field = *increment.field;
    if (const auto* set = as<Set>(next_)) {
      std::optional<Json> was;
      if (set->was) was = sum(*set->was, -increment.by, field);
      return becomes(Set{&field, set->value, std::move(was)});
    }
    return becomes(Increment{&field, increment.by + as<Increment>(next_)->by});
  }

  static Json sum(const Json& value, Units by, const Field& field) {
    const auto units = Units::of(value.number(), *field.decimals);
    return (units.value_or(Units(0)) + by).number(*field.decimals);
  }

  const Component& last_;
  const Component& next_;
  Merged merged_;
};

void append(Op& op, const Component& component) {
  if (is_idle(component)) return;
  if (op.empty()) return op.push_back(component);
  Merge merge(op.back(), component);
  if (!merge.run()) return op.push_back(component);
  op.pop_back();
  if (merge.merged() && !is_idle(*merge.merged())) op.push_back(std::move(*merge.merged()));
}

}  // namespace

Result<Op> compose(const Op& first, const Op& second) {
  Op composed = first;
  for (const Component& component : second) append(composed, component);
  return composed;
}

Op normalize(const Op& op) {
  Op normal;
  for (const Component& component : op) append(normal, component);
  return normal;
}

}  // namespace segue::ot::record
