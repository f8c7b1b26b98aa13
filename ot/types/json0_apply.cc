// json0: apply. Every component is checked against the document before it edits anything, so only
// an op of several components needs the old root to go back to.
#include <algorithm>
#include <cmath>
#include <string>

#include "ot/types/json0_parts.h"

namespace segue::ot {
namespace {

using namespace json0_parts;  // NOLINT(google-build-using-namespace): this is its implementation.

// How many nulls one op may put into lists that it replaces an element of beyond the end.
constexpr std::size_t padding_max = 65'536;

tl::unexpected<Error> refused(std::string rule) {
  return fail(Errc::op_not_applied, std::move(rule));
}

// The place of an existing element. REQUIRES: list.is_array().
std::optional<std::size_t> place_of(const Json& list, const PathElement& element) {
  const auto index = index_of(element);
  if (!index || *index < 0 || static_cast<std::size_t>(*index) >= list.size()) return std::nullopt;
  return static_cast<std::size_t>(*index);
}

const Json* child(const Json& node, const PathElement& element) {
  if (node.is_array()) {
    const auto place = place_of(node, element);
    return place ? &node[*place] : nullptr;
  }
  const auto* key = std::get_if<std::string>(&element);
  return key ? node.find(*key) : nullptr;
}

// What stands at `path`, or nullptr.
const Json* resolve(const Json& doc, PathView path) {
  const Json* node = &doc;
  for (const PathElement& element : path) {
    node = child(*node, element);
    if (node == nullptr) return nullptr;
  }
  return node;
}

// Runs edit(Json&) on what stands at `path`. REQUIRES: it is there.
template <class Edit>
void edit_at(Json& node, PathView path, const Edit& edit) {
  if (path.empty()) {
    edit(node);
    return;
  }
  const auto deeper = [&](Json& next) { edit_at(next, path.subspan(1), edit); };
  if (node.is_array()) {
    node.edit(*place_of(node, path[0]), deeper);
  } else {
    node.edit(std::get<std::string>(path[0]), deeper);
  }
}

// Array.prototype.splice's reading of a position: from the end if negative, clamped to the list.
std::size_t spliced(Index index, std::size_t size) {
  const auto end = static_cast<Index>(size);
  return static_cast<std::size_t>(index < 0 ? std::max<Index>(end + index, 0)
                                            : std::min(index, end));
}

class Application {
 public:
  explicit Application(Json& doc) : doc_(doc) {}

  Result<void> operator()(PathView path, const NumberAdd& add) const {
    const Json* target = resolve(doc_, path);
    if (target == nullptr || !target->is_number()) return refused("na needs a number to add to");
    const double sum = target->number() + add.amount;
    if (!std::isfinite(sum)) return refused("na would make more than a number holds");
    edit_at(doc_, path, [&](Json& number) { number = Json(sum); });
    return {};
  }

  Result<void> operator()(PathView path, const ListEdit& edit) {
    const Json* list = list_of(path);
    if (list == nullptr) return refused("li and ld need a list at their path");
    const Index index = *index_of(path.back());
    if (edit.removed && edit.inserted) return replace(path, index, *edit.inserted);
    const std::size_t place = spliced(index, list->size());
    if (edit.inserted) {
      edit_parent(path, [&](Json& target) { target.insert(place, *edit.inserted); });
    } else if (place < list->size()) {
      edit_parent(path, [&](Json& target) { target.erase(place); });
    }
    return {};
  }

  Result<void> operator()(PathView path, const ListMove& move) const {
    const Json* list = list_of(path);
    if (list == nullptr) return refused("lm needs a list at its path");
    const Index from = *index_of(path.back());
    if (from == move.to) return {};
    if (from < 0) return refused("lm needs an index from 0 to move from");
    const bool exists = static_cast<std::size_t>(from) < list->size();
    edit_parent(path, [&](Json& target) {
      // From beyond the end the reference moves a hole, which JSON shows as null.
      Json moved = exists ? target.erase(static_cast<std::size_t>(from)) : Json();
      target.insert(spliced(move.to, target.size()), std::move(moved));
    });
    return {};
  }

  Result<void> operator()(PathView path, const ObjectEdit& edit) const {
    if (path.empty()) {
      doc_ = edit.inserted.value_or(Json());
      return {};
    }
    const Json* object = resolve(doc_, parent(path));
    const auto* key = std::get_if<std::string>(&path.back());
    if (object == nullptr || !object->is_object() || key == nullptr) {
      return refused("oi and od need an object at their path");
    }
    edit_parent(path, [&](Json& target) {
      if (edit.inserted) {
        target.set(*key, *edit.inserted);
      } else {
        target.remove(*key);
      }
    });
    return {};
  }

  Result<void> operator()(PathView path, const StringInsert& insert) const {
    return edit_string(parent(path), {Text0::Insert{position_of(path), insert.text}});
  }

  Result<void> operator()(PathView path, const StringDelete& deletion) const {
    return edit_string(parent(path), {Text0::Delete{position_of(path), deletion.text}});
  }

  Result<void> operator()(PathView path, const TextEdit& edit) const {
    return edit_string(path, edit.op);
  }

 private:
  static PathView parent(PathView path) { return path.first(path.size() - 1); }

  static std::size_t position_of(PathView path) {
    return static_cast<std::size_t>(std::get<Index>(path.back()));
  }

  const Json* list_of(PathView path) const {
    const Json* list = resolve(doc_, parent(path));
    return list != nullptr && list->is_array() ? list : nullptr;
  }

  template <class Edit>
  void edit_parent(PathView path, const Edit& edit) const {
    edit_at(doc_, parent(path), edit);
  }

  // Beyond the end the reference fills up with holes, which JSON shows as nulls.
  Result<void> replace(PathView path, Index index, const Json& value) {
    const std::size_t size = list_of(path)->size();
    if (index < 0) return refused("a replacement needs an index from 0");
    const auto place = static_cast<std::size_t>(index);
    const std::size_t padding = place > size ? place - size : 0;
    if (padding > padding_left_) {
      return fail(Errc::too_large, "the index is too far beyond the end of the list");
    }
    padding_left_ -= padding;
    edit_parent(path, [&](Json& target) {
      for (std::size_t i = 0; i < padding; ++i) target.push_back(Json());
      if (place < target.size()) {
        target.replace(place, value);
      } else {
        target.push_back(value);
      }
    });
    return {};
  }

  Result<void> edit_string(PathView path, const Text0::Op& edits) const {
    const Json* string = resolve(doc_, path);
    if (string == nullptr || !string->is_string()) return refused("there is no string at the path");
    Result<void> done;
    edit_at(doc_, path, [&](Json& target) { done = Text0::apply(target, edits); });
    return done;
  }

  Json& doc_;
  std::size_t padding_left_ = padding_max;
};

}  // namespace

Result<void> Json0::apply(Json& doc, const Op& op) {
  const Json before = op.size() > 1 ? doc : Json();
  Application application(doc);
  for (std::size_t index = 0; index < op.size(); ++index) {
    const auto done = std::visit(
        [&](const auto& instruction) { return application(op[index].path, instruction); },
        op[index].instruction);
    if (!done) {
      if (index > 0) doc = before;
      return fail_at(index, done.error().code, done.error().detail);
    }
  }
  return {};
}

bool Json0::leaves_undefined(const Op& op, bool undefined) {
  for (const Component& component : op) {
    const auto* edit = as<ObjectEdit>(component);
    if (edit != nullptr && component.path.empty()) undefined = !edit->inserted;
  }
  return undefined;
}

}  // namespace segue::ot
