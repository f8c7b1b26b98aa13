// How json1 ops are taken back, and what that needs is filled in.
#include <unordered_set>
#include <utility>
#include <vector>

#include "ot/types/json1.h"
#include "ot/types/json1_parts.h"

namespace segue::ot {
namespace {

using json1::child_of;
using json1::Component;
using json1::Edit;
using json1::Finger;
using json1::Key;
using json1::Node;
using json1::Op;
using json1::Scribe;
using json1::Tree;

using Value = std::optional<Json>;

// What is at a place: what the op inserted there or above it, or what was there before the op.
struct Source {
  Value value;
  bool is_inserted;
};

Value part_of(const Value& value, const Key& key) {
  const Json* part = value ? child_of(*value, key) : nullptr;
  return part ? Value(*part) : std::nullopt;
}

// Puts `part` in the place of the one that is there, or takes that out. REQUIRES: there is one.
void replace_part(Json& value, const Key& key, Value part) {
  const auto index = key.is_index() ? static_cast<std::size_t>(key.index()) : 0;
  if (part && key.is_index()) {
    value.replace(index, std::move(*part));
  } else if (part) {
    value.set(key.name(), std::move(*part));
  } else if (key.is_index()) {
    value.erase(index);
  } else {
    value.remove(key.name());
  }
}

const TextUnicode::Op* text_edit(const Component& component) {
  return component.edit ? std::get_if<TextUnicode::Op>(&component.edit->change) : nullptr;
}

// Turns an op round: what it put is taken, what it took is put. An edit of something that was
// inserted becomes part of what the inverse removes. Any other edit goes back to where the thing
// came from, which for what was moved is a buffer of its slot.
class Inversion {
 public:
  explicit Inversion(const Op& op) : op_(op), buffers_(op.slots()) {}

  Result<Op> run() {
    auto out = Tree::make();
    const Node& root = *op_.root();
    turn(root, *out, {std::nullopt, false});
    if (!edits_.empty()) turn_edits({&root, &root, out.get()});
    if (failure_) return fail(std::move(*failure_));
    merge_buffers(root, *out);
    return scribe_.finish(std::move(out));
  }

 private:
  struct Place {
    const Node* take;  // before the op
    const Node* put;   // after it
    Node* out;         // in the inverse, whose puts are where the op's takes are
  };

  void note(Error error) {
    if (!failure_) failure_ = std::move(error);
  }

  // `source` is what is here after the op's puts, if the op inserted it here or above. Answers it
  // as edited, or nothing if it stays as it is.
  Value turn(const Node& node, Node& out, Source source) {
    const Component& component = node.component;
    bool is_edited = false;
    if (component.pick) scribe_.drop(out, *component.pick);
    if (component.remove) scribe_.insert(out, *component.remove);
    if (component.drop) scribe_.pick(out, *component.drop);
    if (component.puts()) source = {component.insert, component.insert.has_value()};
    Value& inserted = source.value;
    if (component.edit && source.is_inserted) {
      const auto edited = edit_inserted(inserted, *component.edit);
      if (!edited) note(edited.error());
      is_edited = true;
    } else if (component.edit) {
      edits_.insert(&node);
    }
    std::int64_t put_before = 0;
    for (const auto& child : node.children) {
      const Key& key = child->key;
      const Key between = key.is_index() ? Key(key.index() - put_before) : key;
      put_before += child->component.puts() ? 1 : 0;
      Value part = turn(*child, out.child(key), {part_of(inserted, between), source.is_inserted});
      if (!inserted || !part) continue;
      replace_part(*inserted, between, std::move(part));
      is_edited = true;
    }
    if (!component.insert) return is_edited ? inserted : std::nullopt;
    scribe_.remove(out, *inserted);
    return std::nullopt;
  }

  static Result<void> edit_inserted(Value& part, const Edit& edit) {
    if (part) return apply_edit(*part, edit);
    return fail(Errc::op_not_applied, "there is nothing where the op edits what it inserts");
  }

  void turn_edits(Place place) {
    const Component& component = place.put->component;
    if (component.drop) {
      place.take = &op_.pick(*component.drop);
      buffers_[*component.drop] = Tree::make();
      place.out = buffers_[*component.drop].get();
    }
    if (edits_.contains(place.put)) {
      const auto inverse = inverse_of(*component.edit);
      if (inverse) {
        scribe_.edit(*place.out, *inverse);
      } else {
        note(inverse.error());
      }
    }
    Finger take(place.take, Finger::Counted::taken);
    std::int64_t put_before = 0;
    for (const auto& child : place.put->children) {
      const Key& key = child->key;
      const Key between = key.is_index() ? Key(key.index() - put_before) : key;
      const Node* taken = take.find_between(between);
      Node& out = key.is_index() ? scribe_.child(*place.out, between.index() + take.count())
                                 : place.out->child(key);
      turn_edits({taken, child, &out});
      put_before += child->component.puts() ? 1 : 0;
    }
  }

  void merge_buffers(const Node& node, Node& out) {
    const auto& pick = node.component.pick;
    if (pick && buffers_[*pick]) scribe_.merge(out, *buffers_[*pick]);
    for (const auto& child : node.children) merge_buffers(*child, out.child(child->key));
  }

  const Op& op_;
  Scribe scribe_;
  std::optional<Error> failure_;
  std::vector<Tree> buffers_;              // by slot
  std::unordered_set<const Node*> edits_;  // of what was there before
};

// Fills in what an op removes: values, and texts of deletes.
class Completion {
 public:
  explicit Completion(const Op& op) : op_(op), held_(op.slots()) {}

  Result<Op> run(const Value& doc) {
    auto out = Tree::make();
    const Node& root = *op_.root();
    fill_removes(root, *out, doc);
    if (!failure_) fill_edits(&root, root, *out, {doc, false});
    if (failure_) return fail(std::move(*failure_));
    return scribe_.finish(std::move(out));
  }

  // Whether there is nothing to fill in.
  static bool is_complete(const Node& node) {
    if (node.component.remove || text_edit(node.component)) return false;
    for (const auto& child : node.children) {
      if (!is_complete(*child)) return false;
    }
    return true;
  }

 private:
  void note(std::string detail) {
    if (!failure_) failure_ = Error{Errc::op_not_applied, std::move(detail)};
  }

  // Copies all but edits. Answers what the op leaves of `value`, which is here before it.
  Value fill_removes(const Node& node, Node& out, Value value) {
    const Component& component = node.component;
    if (component.takes() && !value) note("there is nothing where the op takes something");
    if (component.pick) held_[*component.pick] = value;
    if (component.pick) scribe_.pick(out, *component.pick);
    if (component.drop) scribe_.drop(out, *component.drop);
    if (component.insert) scribe_.insert(out, *component.insert);
    std::int64_t taken_before = 0;
    for (const auto& child : node.children) {
      const Key& key = child->key;
      const Key now = key.is_index() ? Key(key.index() - taken_before) : key;
      Value part = part_of(value, now);
      const bool is_there = part.has_value();
      Value left = fill_removes(*child, out.child(key), std::move(part));
      if (!is_there || !child->takes_inside) continue;
      taken_before += left ? 0 : 1;
      replace_part(*value, now, std::move(left));
    }
    if (component.remove && value) scribe_.remove(out, *value);
    return component.takes() ? std::nullopt : value;
  }

  void fill_edits(const Node* take, const Node& put, Node& out, Source source) {
    const Component& component = put.component;
    if (component.insert) source = {component.insert, true};
    if (component.drop) {
      source = {held_[*component.drop], false};
      take = &op_.pick(*component.drop);
    }
    if (component.edit) fill_edit(component, out, source.value);
    Finger taken(take, Finger::Counted::taken);
    std::int64_t put_before = 0;
    for (const auto& child : put.children) {
      const Key& key = child->key;
      const Key between = key.is_index() ? Key(key.index() - put_before) : key;
      const Node* below = taken.find_between(between);
      const bool moves = key.is_index() && !source.is_inserted;
      const Key before = moves ? Key(between.index() + taken.count()) : between;
      fill_edits(below, *child, out.child(key),
                 {part_of(source.value, before), source.is_inserted});
      put_before += child->component.puts() ? 1 : 0;
    }
  }

  // Also where it does nothing, as the reference has it.
  void fill_edit(const Component& component, Node& out, const Value& value) {
    Edit filled{component.edit->change, Edit::Spelling::brief};
    if (const auto* text = text_edit(component)) {
      if (!value || !value->is_string()) return note("there is no text where the op edits one");
      filled.change = TextUnicode::make_invertible(*text, *value);
    }
    out.component.edit = std::move(filled);
  }

  const Op& op_;
  Scribe scribe_;
  std::optional<Error> failure_;
  std::vector<Value> held_;  // by slot: what is picked, as it was before the op
};

}  // namespace

Result<Op> Json1::invert(const Op& op) {
  if (op.is_noop()) return op;
  return Inversion(op).run();
}

Result<Op> Json1::make_invertible(const Op& op, const std::optional<Json>& doc) {
  if (op.is_noop() || Completion::is_complete(*op.root())) return op;
  return Completion(op).run(doc);
}

Result<Op> Json1::invert_with_doc(const Op& op, const Json& doc) {
  const auto complete = make_invertible(op, doc);
  if (!complete) return fail(complete.error());
  return invert(*complete);
}

}  // namespace segue::ot
