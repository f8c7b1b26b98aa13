// json0: apply. Every component is checked against the document before it edits anything. What one
// displaces is kept until all are done, so that they can be taken back where a later one fails.
#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "ot/types/json0_parts.h"
#include "ot/types/json0_undo.h"
#include "ot/types/json0_walk.h"

namespace segue::ot {
namespace {

using namespace json0_parts;  // NOLINT(google-build-using-namespace): this is its implementation.
using What = Displaced::What;

// How many nulls one op may put into lists that it replaces an element of beyond the end.
constexpr std::size_t padding_max = 65'536;

tl::unexpected<Error> refused(std::string rule) {
  return fail(Errc::op_not_applied, std::move(rule));
}

// Array.prototype.splice's reading of a position: from the end if negative, clamped to the list.
std::size_t spliced(Index index, std::size_t size) {
  const auto end = static_cast<Index>(size);
  return static_cast<std::size_t>(index < 0 ? std::max<Index>(end + index, 0)
                                            : std::min(index, end));
}

class Application {
 public:
  Application(Json& doc, const Op& op) : op_(op), walk_(doc) {}

  Result<void> run() {
    if (op_.size() > 1) displaced_.reserve(op_.size());
    for (const Component& component : op_) {
      auto done =
          std::visit([&](const auto& instruction) { return (*this)(component.path, instruction); },
                     component.instruction);
      if (done) continue;
      const std::size_t index = displaced_.size();
      take_back();
      return fail_at(index, done.error().code, done.error().detail);
    }
    return {};
  }

  Result<void> operator()(PathView path, const NumberAdd& add) {
    Json* target = walk_.to(path);
    if (target == nullptr || !target->is_number()) return refused("na needs a number to add to");
    const double sum = target->number() + add.amount;
    if (!std::isfinite(sum)) return refused("na would make more than a number holds");
    keep({What::value, std::exchange(*target, Json(sum))});
    return {};
  }

  Result<void> operator()(PathView path, const ListEdit& edit) {
    Json* list = list_of(path);
    if (list == nullptr) return refused("li and ld need a list at their path");
    const Index index = *index_of(path.back());
    if (edit.removed && edit.inserted) return replace(*list, index, *edit.inserted);
    const std::size_t place = spliced(index, list->size());
    if (edit.inserted) {
      list->insert(place, *edit.inserted);
      keep({What::room, {}, place, 1});
    } else if (place < list->size()) {
      keep({What::value, list->erase(place), place});
    } else {
      keep({});
    }
    return {};
  }

  Result<void> operator()(PathView path, const ListMove& move) {
    Json* list = list_of(path);
    if (list == nullptr) return refused("lm needs a list at its path");
    const Index index = *index_of(path.back());
    if (index == move.to) {
      keep({});
      return {};
    }
    if (index < 0) return refused("lm needs an index from 0 to move from");
    const auto from = static_cast<std::size_t>(index);
    // From beyond the end the reference moves a hole, which JSON shows as null.
    const bool exists = from < list->size();
    Json moved = exists ? list->erase(from) : Json();
    const std::size_t to = spliced(move.to, list->size());
    list->insert(to, std::move(moved));
    keep({exists ? What::value : What::room, {}, from, to});
    return {};
  }

  Result<void> operator()(PathView path, const ObjectEdit& edit) {
    if (path.empty()) {
      keep({What::value, std::exchange(walk_.root(), edit.inserted.value_or(Json()))});
      return {};
    }
    Json* object = walk_.to(parent(path));
    const auto* key = std::get_if<std::string>(&path.back());
    if (object == nullptr || !object->is_object() || key == nullptr) {
      return refused("oi and od need an object at their path");
    }
    keep(edit.inserted ? set(*object, *key, *edit.inserted) : remove(*object, *key));
    return {};
  }

  Result<void> operator()(PathView path, const StringInsert& insert) {
    return edit_string(parent(path), {Text0::Insert{position_of(path), insert.text}});
  }

  Result<void> operator()(PathView path, const StringDelete& deletion) {
    return edit_string(parent(path), {Text0::Delete{position_of(path), deletion.text}});
  }

  Result<void> operator()(PathView path, const TextEdit& edit) {
    return edit_string(path, edit.op);
  }

 private:
  static PathView parent(PathView path) { return path.first(path.size() - 1); }

  static std::size_t position_of(PathView path) {
    return static_cast<std::size_t>(std::get<Index>(path.back()));
  }

  // What a component has displaced; called once for each that is done.
  void keep(Displaced displaced) {
    if (op_.size() > 1) displaced_.push_back(std::move(displaced));
  }

  void take_back() {
    for (std::size_t index = displaced_.size(); index-- > 0;) {
      undo(walk_, op_[index], displaced_[index]);
    }
  }

  Json* list_of(PathView path) {
    Json* list = walk_.to(parent(path));
    return list != nullptr && list->is_array() ? list : nullptr;
  }

  static Displaced set(Json& object, std::string_view key, const Json& value) {
    if (const JsonChild child(object, key); child) {
      return {What::value, std::exchange(*child, value)};
    }
    object.set(key, value);
    return {What::room};
  }

  static Displaced remove(Json& object, std::string_view key) {
    auto member = object.extract(key);
    if (!member) return {};
    return {What::value, std::move(member->value), member->order};
  }

  // Beyond the end the reference fills up with holes, which JSON shows as nulls.
  Result<void> replace(Json& list, Index index, const Json& value) {
    const std::size_t size = list.size();
    if (index < 0) return refused("a replacement needs an index from 0");
    const auto place = static_cast<std::size_t>(index);
    if (place < size) {
      keep({What::value, list.replace(place, value), place});
      return {};
    }
    const std::size_t padding = place - size;
    if (padding > padding_left_) {
      return fail(Errc::too_large, "the index is too far beyond the end of the list");
    }
    padding_left_ -= padding;
    for (std::size_t i = 0; i < padding; ++i) list.push_back(Json());
    list.push_back(value);
    keep({What::room, {}, size, padding + 1});
    return {};
  }

  Result<void> edit_string(PathView path, const Text0::Op& edits) {
    Json* string = walk_.to(path);
    if (string == nullptr || !string->is_string()) return refused("there is no string at the path");
    auto done = Text0::apply(*string, edits);
    if (done) keep({What::room});
    return done;
  }

  const Op& op_;
  Walk walk_;
  std::vector<Displaced> displaced_;  // by component; nothing where there is only one
  std::size_t padding_left_ = padding_max;
};

}  // namespace

Result<void> Json0::apply(Json& doc, const Op& op) { return Application(doc, op).run(); }

bool Json0::leaves_undefined(const Op& op, bool undefined) {
  for (const Component& component : op) {
    const auto* edit = as<ObjectEdit>(component);
    if (edit != nullptr && component.path.empty()) undefined = !edit->inserted;
  }
  return undefined;
}

}  // namespace segue::ot
