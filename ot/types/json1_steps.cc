#include "ot/types/json1_steps.h"

#include <algorithm>
#include <string>
#include <utility>
#include <variant>

#include "ot/assert.h"
#include "ot/types/json1_parts.h"
#include "ot/types/text_unicode.h"

namespace segue::ot::json1 {
namespace {

std::size_t place(const Key& key) { return static_cast<std::size_t>(key.index()); }

// Of a text that is edited in more parts the whole is kept: it may be written anew in any case.
constexpr std::size_t short_edit_max = 2;

bool is_short(const TextUnicode::Op& edit) {
  const auto parts = edit.parts.span();
  return parts.size() <= short_edit_max && std::ranges::count_if(parts, &TextPart::erases) <= 1;
}

// What `edit` will delete of a text. REQUIRES: is_short(edit), and it fits.
std::string deleted_by(const TextUnicode::Op& edit, const Text& text) {
  std::size_t position = 0;
  for (const TextPart part : edit.parts) {
    if (part.erases()) {
      const std::size_t left = text.length(Unit::code_point) - position;
      return text.slice(position, std::min(part.count(), left), Unit::code_point);
    }
    if (!part.inserts()) position += part.count();
  }
  return {};
}

// Takes back an edit that deleted `deleted`, if anything.
TextUnicode::Op undo_of(const TextUnicode::Op& edit, const Json& deleted) {
  TextUnicode::Op undo;
  for (const TextPart part : edit.parts) {
    if (part.inserts()) {
      undo.erase(part.count());
    } else if (part.erases()) {
      undo.insert(deleted.text());
    } else {
      undo.skip(part.count());
    }
  }
  return undo;
}

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
  return key.is_index() ? JsonChild(container, place(key)) : JsonChild(container, key.key());
}

Steps::Steps(const Op& op, std::optional<Json>& doc)
    : doc_(doc), is_kept_(!is_single_step(op)), held_(op.slots(), &memory_) {
  if (is_kept_) steps_.reserve(2 * op.components());
}

Result<void> Steps::edit(Json& value, const Node& node) {
  const Edit& edit = *node.component.edit;
  auto fits = check_edit(value, edit);
  if (!fits) return fits;
  if (is_kept_) note_edit(value, node);
  apply_checked_edit(value, edit);
  return fits;
}

void Steps::note_edit(const Json& value, const Node& node) {
  const auto* edit = std::get_if<TextUnicode::Op>(&node.component.edit->change);
  if (edit == nullptr || !is_short(*edit)) {
    steps_.push_back({What::edited, &node, {value}});
  } else if (std::ranges::any_of(edit->parts.span(), &TextPart::erases)) {
    steps_.push_back({What::edited_text, &node, {Json(deleted_by(*edit, value.text()))}});
  } else {
    steps_.push_back({What::edited_text, &node});
  }
}

void Steps::take_back() {
  for (; !steps_.empty(); steps_.pop_back()) {
    Step& step = steps_.back();
    if (step.what == What::edited || step.what == What::edited_text) {
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
  if (step.what == What::edited) {
    value = std::move(step.value.value);
    return;
  }
  const auto& edit = std::get<TextUnicode::Op>(step.node->component.edit->change);
  const auto undone = TextUnicode::apply(value, undo_of(edit, step.value.value));
  OT_ASSERT(undone.has_value());
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
