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

tl::unexpected<Error> not_applied(std::string detail) {
  return fail(Errc::op_not_applied, std::move(detail));
}

tl::unexpected<Error> missing() { return not_applied("there is nothing at a place in the op"); }

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
    auto done = take_root();
    if (done) done = put_root();
    if (!done) steps_.take_back();
    return done;
  }

 private:
  Result<void> take_root() {
    if (!root_.takes_inside) return {};
    if (!doc_) return missing();
    auto taken = take_below(*doc_, root_);
    if (!taken || !root_.component.takes()) return taken;
    steps_.took(root_, {std::move(*doc_)});
    doc_.reset();
    return {};
  }

  // Takes what the children of `node` say out of `value`, which stands where `node` does.
  Result<void> take_below(Json& value, const Node& node) {
    for (auto at = node.children.rbegin(); at != node.children.rend(); ++at) {
      if (!(*at)->takes_inside) continue;
      auto taken = take_child(value, **at);
      if (!taken) return taken;
    }
    return {};
  }

  Result<void> take_child(Json& container, const Node& child) {
    if (!child.component.takes() || takes_below(child)) {
      const JsonChild value = child_at(container, child.key);
      if (!value) return missing();
      auto taken = take_below(*value, child);
      if (!taken) return taken;
    }
    return child.component.takes() ? take(container, child) : Result<void>();
  }

  Result<void> take(Json& container, const Node& child) {
    if (!child.key.is_index()) {
      if (!container.is_object()) return missing();
      auto member = container.extract(child.key.name());
      if (!member) return missing();
      steps_.took(child, std::move(*member));
      return {};
    }
    if (!container.is_array() || place(child.key) >= container.size()) return missing();
    steps_.took(child, {container.erase(place(child.key))});
    return {};
  }

  Result<void> put_root() {
    if (!root_.changes_inside) return {};
    if (root_.component.puts()) {
      if (doc_) return not_applied("there is a document already");
      doc_ = steps_.put(root_);
    }
    if (!doc_) return missing();
    return change(*doc_, root_);
  }

  // Edits `value`, which stands where `node` does, and puts into it what is put below.
  Result<void> change(Json& value, const Node& node) {
    if (node.component.edit) {
      auto edited = steps_.edit(value, node);
      if (!edited) return edited;
    }
    for (const Node* child : node.children) {
      if (!child->changes_inside) continue;
      auto changed = change_child(value, *child);
      if (!changed) return changed;
    }
    return {};
  }

  Result<void> change_child(Json& container, const Node& child) {
    if (child.component.puts()) {
      auto done =
          child.key.is_index() ? put_element(container, child) : put_member(container, child);
      if (!done || (!child.component.edit && !changes_below(child))) return done;
    }
    const JsonChild value = child_at(container, child.key);
    return value ? change(*value, child) : missing();
  }

  Result<void> put_element(Json& list, const Node& child) {
    if (!list.is_array()) return not_applied("only a list has indexes");
    if (place(child.key) > list.size()) return not_applied("the index is past the end of a list");
    list.insert(place(child.key), steps_.put(child));
    return {};
  }

  Result<void> put_member(Json& object, const Node& child) {
    if (!object.is_object()) return not_applied("only an object has keys");
    // As in the reference, whose objects have these names from the start.
    if (object.find(child.key.name()) != nullptr || is_prototype_name(child.key.name())) {
      return not_applied("there is something at the key of an object already");
    }
    object.set(child.key.name(), steps_.put(child));
    return {};
  }

  const Node& root_;
  std::optional<Json>& doc_;
  json1::Steps steps_;
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
