// How a json1 op is applied: first all is taken, from the right and from below, then what is put
// there is put, from the left and from above. The document is edited in place; where something
// does not fit, the steps so far are taken back.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "ot/prototype_names.h"
#include "ot/types/json1.h"
#include "ot/types/json1_parts.h"
#include "ot/types/json1_steps.h"

namespace segue::ot {
namespace {

using json1::child_at;
using json1::Component;
using json1::Key;
using json1::Node;
using json1::Op;

std::size_t place(const Key& key) { return static_cast<std::size_t>(key.index()); }

bool takes_below(const Node& node) {
  return std::ranges::any_of(node.children, [](const Node* child) { return child->takes_inside; });
}

bool changes_below(const Node& node) {
  const auto changes = [](const Node* child) { return child->changes_inside; };
  return std::ranges::any_of(node.children, changes);
}

class Application {
 public:
  Application(const Op& op, std::optional<Json>& doc)
      : root_(*op.root()), doc_(doc), steps_(op, doc) {}

  Result<void> run() {
    if (take_root() && put_root()) return {};
    steps_.take_back();
    return fail(Errc::op_not_applied, std::move(refusal_));
  }

 private:
  // What all below answer where something does not fit.
  bool refuse(std::string why) {
    refusal_ = std::move(why);
    return false;
  }
  bool refuse_missing() { return refuse("there is nothing at a place in the op"); }

  bool take_root() {
    if (!root_.takes_inside) return true;
    if (!doc_) return refuse_missing();
    if (!take_below(*doc_, root_)) return false;
    if (!root_.component.takes()) return true;
    steps_.took(root_, {std::move(*doc_)});
    doc_.reset();
    return true;
  }

  // Takes what the children of `node` say out of `value`, which stands where `node` does.
  bool take_below(Json& value, const Node& node) {
    for (auto at = node.children.rbegin(); at != node.children.rend(); ++at) {
      if ((*at)->takes_inside && !take_child(value, **at)) return false;
    }
    return true;
  }

  bool take_child(Json& container, const Node& child) {
    if (!child.component.takes() || takes_below(child)) {
      const JsonChild value = child_at(container, child.key);
      if (!value) return refuse_missing();
      if (!take_below(*value, child)) return false;
    }
    return !child.component.takes() || take(container, child);
  }

  bool take(Json& container, const Node& child) {
    if (!child.key.is_index()) {
      if (!container.is_object()) return refuse_missing();
      auto member = container.extract(child.key.key());
      if (!member) return refuse_missing();
      steps_.took(child, std::move(*member));
      return true;
    }
    if (!container.is_array() || place(child.key) >= container.size()) return refuse_missing();
    steps_.took(child, {container.erase(place(child.key))});
    return true;
  }

  bool put_root() {
    if (!root_.changes_inside) return true;
    if (root_.component.puts()) {
      if (doc_) return refuse("there is a document already");
      steps_.put(root_, [&](Json&& value) {
        doc_ = std::move(value);
        return true;
      });
    }
    return doc_ ? change(*doc_, root_) : refuse_missing();
  }

  // Edits `value`, which stands where `node` does, and puts into it what is put below.
  bool change(Json& value, const Node& node) {
    if (node.component.edit) {
      auto edited = steps_.edit(value, node);
      if (!edited) return refuse(std::move(edited.error().detail));
    }
    for (const Node* child : node.children) {
      if (child->changes_inside && !change_child(value, *child)) return false;
    }
    return true;
  }

  bool change_child(Json& container, const Node& child) {
    if (child.component.puts()) {
      const bool is_put =
          child.key.is_index() ? put_element(container, child) : put_member(container, child);
      if (!is_put) return false;
      if (!child.component.edit && !changes_below(child)) return true;
    }
    const JsonChild value = child_at(container, child.key);
    return value ? change(*value, child) : refuse_missing();
  }

  bool put_element(Json& list, const Node& child) {
    if (!list.is_array()) return refuse("only a list has indexes");
    if (place(child.key) > list.size()) return refuse("the index is past the end of a list");
    return steps_.put(child, [&](Json&& value) {
      list.insert(place(child.key), std::move(value));
      return true;
    });
  }

  bool put_member(Json& object, const Node& child) {
    if (!object.is_object()) return refuse("only an object has keys");
    // As in the reference, whose objects have these names from the start.
    const bool is_new = !is_prototype_name(child.key.name());
    const auto add = [&](Json&& value) { return object.add(child.key.key(), std::move(value)); };
    if (is_new && steps_.put(child, add)) return true;
    return refuse("there is something at the key of an object already");
  }

  const Node& root_;
  std::optional<Json>& doc_;
  json1::Steps steps_;
  std::string refusal_;
};

}  // namespace

Result<Json> Json1::create(const Json* data) { return data ? *data : Json(); }

Result<void> Json1::apply(std::optional<Json>& doc, const Op& op) {
  if (op.is_noop()) return {};
  return Application(op, doc).run();
}

Result<void> Json1::apply(Json& doc, const Op& op) {
  if (op.is_noop()) return {};
  const bool inserts_over_nothing =
      doc.is_null() && op.root()->component.puts() && !op.root()->component.takes();
  std::optional<Json> edited;
  if (!inserts_over_nothing) edited = std::move(doc);
  auto applied = Application(op, edited).run();
  doc = edited ? std::move(*edited) : Json();
  return applied;
}

}  // namespace segue::ot
