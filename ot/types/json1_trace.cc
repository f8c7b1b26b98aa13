// What a json1 op does to the thing at a path.
#include <algorithm>
#include <optional>
#include <utility>

#include "ot/types/json1.h"
#include "ot/types/json1_parts.h"
#include "ot/types/parse.h"

namespace segue::ot {
namespace {

using json1::Key;
using json1::Node;
using json1::Op;
using json1::Path;

const Node* child_at(const Node* node, const Key& key) {
  if (node == nullptr) return nullptr;
  for (const auto& child : node->children) {
    if (child->key == key) return child;
  }
  return nullptr;
}

const Node* node_at(const Op& op, const Path& path) {
  const Node* node = op.root();
  for (const Key& key : path) node = child_at(node, key);
  return node;
}

// Something below the place is taken away.
bool takes_below(const Node* node) {
  return node != nullptr && std::any_of(node->children.begin(), node->children.end(),
                                        [](const auto& child) { return child->takes_inside; });
}

// Something else was put where the thing is in the end, or into it, or it was edited. `own`: what
// it was picked up as itself.
bool changes_at(const Node* node, json1::MaybeSlot own) {
  if (node == nullptr) return false;
  const json1::Component& component = node->component;
  return component.edit || component.insert || (component.drop && component.drop != own) ||
         std::any_of(node->children.begin(), node->children.end(),
                     [](const auto& child) { return child->changes_inside; });
}

// Where a thing that was removed has been replaced: nothing if there is nothing in its place. In a
// list another element stands there, unless one was put exactly there.
Result<std::optional<Path>> replaced(Path path, const Op& op) {
  if (path.empty()) return std::optional<Path>(Path());
  const Key last = path.back();
  path.pop_back();
  auto parent = Json1::transform_position(std::move(path), op);
  if (!parent || !*parent) return parent;
  (*parent)->push_back(last);
  const Node* node = node_at(op, **parent);
  if (node == nullptr || !node->component.puts()) {
    return last.is_index() ? std::optional<Path>() : *parent;
  }
  return parent;
}

}  // namespace

Result<Hold> Json1::hold_of(const Json& path) {
  if (path.is_array() && path.size() > op_path_length_max) {
    return fail(Errc::too_large,
                "a path has at most " + std::to_string(op_path_length_max) + " elements");
  }
  auto parsed = parse_path(path);
  if (!parsed) return fail(std::move(parsed.error()));
  return Hold::advisory;
}

Result<Traced> Json1::trace(const Json& path, const Op& op) {
  auto from = parse_path(path);
  if (!from) return fail(std::move(from.error()));
  auto to = transform_position(*from, op);
  bool changed = takes_below(node_at(op, *from));
  if (to && !*to) {
    changed = true;
    to = replaced(*from, op);
  }
  if (!to) return fail(std::move(to.error()));
  if (!*to) return Traced{Json(), true};
  const auto own = json1::component_of(node_at(op, *from)).pick;
  changed = changed || changes_at(node_at(op, **to), own);
  return Traced{to_json(**to), changed};
}

}  // namespace segue::ot
