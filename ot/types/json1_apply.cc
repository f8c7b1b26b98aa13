// How a json1 op is applied: first all is taken, from the right and from below, then what is put
// there is put, from the left and from above.
#include <string>
#include <utility>
#include <vector>

#include "ot/prototype_names.h"
#include "ot/types/json1.h"
#include "ot/types/json1_parts.h"

namespace segue::ot {
namespace {

using json1::child_of;
using json1::Component;
using json1::Key;
using json1::Node;
using json1::Op;

tl::unexpected<Error> not_applied(std::string detail) {
  return fail(Errc::op_not_applied, std::move(detail));
}

tl::unexpected<Error> missing() { return not_applied("there is nothing at a place in the op"); }

std::size_t place(const Key& key) { return static_cast<std::size_t>(key.index()); }

// Runs edit(Json&) on the value at `key`. REQUIRES: there is one.
template <class Edit>
Result<void> edit_child(Json& container, const Key& key, Edit edit) {
  if (key.is_index()) return container.edit(place(key), edit);
  return container.edit(key.name(), edit);
}

class Application {
 public:
  explicit Application(const Op& op) : root_(*op.root()), held_(op.slots()) {}

  Result<void> run(std::optional<Json>& doc) {
    auto taken = take_root(doc);
    if (!taken) return taken;
    return put_root(doc);
  }

 private:
  Result<void> take_root(std::optional<Json>& doc) {
    if (!root_.takes_inside) return {};
    if (!doc) return missing();
    auto taken = take_below(*doc, root_);
    if (!taken || !root_.component.takes()) return taken;
    keep(root_.component, std::move(*doc));
    doc.reset();
    return {};
  }

  // Takes what the children of `node` say out of `value`, which stands where `node` does.
  Result<void> take_below(Json& value, const Node& node) {
    for (auto at = node.children.rbegin(); at != node.children.rend(); ++at) {
      const Node& child = **at;
      if (!child.takes_inside) continue;
      auto taken = take_child(value, child);
      if (!taken) return taken;
    }
    return {};
  }

  Result<void> take_child(Json& container, const Node& child) {
    if (child_of(container, child.key) == nullptr) return missing();
    if (!child.component.takes()) {
      return edit_child(container, child.key,
                        [&](Json& value) { return take_below(value, child); });
    }
    Json value = child.key.is_index() ? container.erase(place(child.key))
                                      : *container.remove(child.key.name());
    auto taken = take_below(value, child);
    keep(child.component, std::move(value));
    return taken;
  }

  void keep(const Component& component, Json value) {
    if (component.pick) held_[*component.pick] = std::move(value);
  }

  Result<void> put_root(std::optional<Json>& doc) {
    if (!root_.changes_inside) return {};
    if (root_.component.puts()) {
      if (doc) return not_applied("there is a document already");
      doc = what_is_put(root_.component);
    }
    if (!doc) return missing();
    return change(*doc, root_);
  }

  // Edits `value`, which stands where `node` does, and puts into it what is put below.
  Result<void> change(Json& value, const Node& node) {
    if (node.component.edit) {
      auto edited = json1::apply_edit(value, *node.component.edit);
      if (!edited) return edited;
    }
    for (const auto& child : node.children) {
      if (!child->changes_inside) continue;
      auto changed = change_child(value, *child);
      if (!changed) return changed;
    }
    return {};
  }

  Result<void> change_child(Json& container, const Node& child) {
    if (child.component.puts()) {
      auto done = put(container, child.key, what_is_put(child.component));
      if (!done) return done;
    } else if (child_of(container, child.key) == nullptr) {
      return missing();
    }
    if (!child.component.edit && !changes_below(child)) return {};
    return edit_child(container, child.key, [&](Json& value) { return change(value, child); });
  }

  static bool changes_below(const Node& node) {
    for (const auto& child : node.children) {
      if (child->changes_inside) return true;
    }
    return false;
  }

  Json what_is_put(const Component& component) {
    if (component.insert) return *component.insert;
    return std::move(held_[*component.drop]);
  }

  static Result<void> put(Json& container, const Key& key, Json value) {
    if (key.is_index()) {
      if (!container.is_array()) return not_applied("only a list has indexes");
      if (place(key) > container.size()) return not_applied("the index is past the end of a list");
      container.insert(place(key), std::move(value));
      return {};
    }
    if (!container.is_object()) return not_applied("only an object has keys");
    // As in the reference, whose objects have these names from the start.
    if (container.find(key.name()) != nullptr || is_prototype_name(key.name())) {
      return not_applied("there is something at the key of an object already");
    }
    container.set(key.name(), std::move(value));
    return {};
  }

  const Node& root_;
  std::vector<Json> held_;  // by slot
};

}  // namespace

Result<Json> Json1::create(const Json* data) { return data ? *data : Json(); }

Result<void> Json1::apply(std::optional<Json>& doc, const Op& op) {
  if (op.is_noop()) return {};
  const std::optional<Json> before = doc;
  auto applied = Application(op).run(doc);
  if (!applied) doc = before;
  return applied;
}

Result<void> Json1::apply(Json& doc, const Op& op) {
  if (op.is_noop()) return {};
  const bool inserts_over_nothing =
      doc.is_null() && op.root()->component.puts() && !op.root()->component.takes();
  std::optional<Json> edited = inserts_over_nothing ? std::nullopt : std::optional(doc);
  auto applied = Application(op).run(edited);
  if (applied) doc = edited ? std::move(*edited) : Json();
  return applied;
}

}  // namespace segue::ot
