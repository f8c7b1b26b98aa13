#include "ot/types/json1_steps.h"

#include <utility>
#include <variant>

#include "ot/assert.h"
#include "ot/types/json1_parts.h"

namespace segue::ot::json1 {
namespace {

std::size_t place(const Key& key) { return static_cast<std::size_t>(key.index()); }

// A text that is edited in more parts is copied: it may be written anew in any case.
constexpr std::size_t edit_in_place_max = 2;

bool is_single_step(const Op& op) {
  if (op.components() > 1) return false;
  const Node* node = op.root();  // The component is in its only leaf.
  while (!node->children.empty()) node = node->children.front();
  const Component& component = node->component;
  return (component.takes() ? 1 : 0) + (component.puts() ? 1 : 0) + (component.edit ? 1 : 0) == 1;
}

// Runs edit(Json&) on what stands at a path. REQUIRES: it is there.
template <class Edit>
void edit_at(Json& doc, const Path& path, Edit edit) {
  std::vector<JsonChild> way;
  way.reserve(path.size());
  for (const Key& key : path) way.push_back(child_at(way.empty() ? doc : *way.back(), key));
  edit(way.empty() ? doc : *way.back());
  while (!way.empty()) way.pop_back();
}

}  // namespace

JsonChild child_at(Json& container, const Key& key) {
  return key.is_index() ? JsonChild(container, place(key)) : JsonChild(container, key.name());
}

Steps::Steps(const Op& op, std::optional<Json>& doc)
    : doc_(doc), held_(op.slots()), is_kept_(!is_single_step(op)) {
  if (is_kept_) steps_.reserve(op.components() + op.slots());
}

void Steps::took(const Node& node, Json::Extracted value) {
  if (node.component.pick) held_[*node.component.pick] = std::exchange(value.value, Json());
  note({What::took, &node, std::move(value)});
}

Json Steps::put(const Node& node) {
  note({What::put, &node});
  if (node.component.insert) return *node.component.insert;
  return std::move(held_[*node.component.drop]);
}

Result<void> Steps::edit(Json& value, const Node& node) {
  const Edit& edit = *node.component.edit;
  if (auto fits = check_edit(value, edit); !fits) return fits;
  if (is_kept_) {
    const auto* text = std::get_if<TextUnicode::Op>(&edit.change);
    const bool is_short = text != nullptr && text->parts.size() <= edit_in_place_max;
    if (is_short) undos_.push_back(TextUnicode::undo_of(*text, value.text()));
    note({What::edited, &node, {is_short ? Json() : value}});
  }
  return apply_checked_edit(value, edit);
}

void Steps::take_back() {
  for (; !steps_.empty(); steps_.pop_back()) {
    Step& step = steps_.back();
    if (step.what == What::edited) {
      edit_at(*doc_, path_of(*step.node), [&](Json& value) { take_back_edit(value, step); });
    } else if (step.node->parent == nullptr) {
      take_back_root(step);
    } else {
      edit_at(*doc_, path_of(*step.node->parent),
              [&](Json& container) { take_back_in(container, step); });
    }
  }
}

void Steps::take_back_root(Step& step) {
  if (step.what == What::took) {
    doc_ = taken(step).value;
  } else {
    was_put(step, std::move(*doc_));
    doc_.reset();
  }
}

void Steps::take_back_in(Json& container, Step& step) {
  const Key& key = step.node->key;
  if (step.what == What::took && key.is_index()) {
    container.insert(place(key), taken(step).value);
  } else if (step.what == What::took) {
    container.restore(key.name(), taken(step));
  } else {
    was_put(step, key.is_index() ? container.erase(place(key)) : *container.remove(key.name()));
  }
}

void Steps::take_back_edit(Json& value, Step& step) {
  if (!step.value.value.is_null()) {
    value = std::move(step.value.value);
    return;
  }
  const auto undone = TextUnicode::apply(value, undos_.back());
  OT_ASSERT(undone.has_value());
  undos_.pop_back();
}

Json::Extracted Steps::taken(Step& step) {
  const auto& pick = step.node->component.pick;
  if (pick) step.value.value = std::move(held_[*pick]);
  return std::move(step.value);
}

void Steps::was_put(const Step& step, Json value) {
  const auto& drop = step.node->component.drop;
  if (drop) held_[*drop] = std::move(value);
}

}  // namespace segue::ot::json1
