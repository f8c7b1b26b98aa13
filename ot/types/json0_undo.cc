#include "ot/types/json0_undo.h"

#include <algorithm>
#include <string>
#include <utility>
#include <variant>

#include "ot/assert.h"

namespace segue::ot::json0_parts {
namespace {

using What = Displaced::What;

class Undo {
 public:
  Undo(Walk& walk, PathView path, Displaced& displaced)
      : walk_(walk), path_(path), displaced_(displaced) {}

  void operator()(const NumberAdd& /*add*/) { at(path_) = std::move(displaced_.value); }

  void operator()(const ListEdit& edit) {
    Json& list = at(parent());
    const auto place = static_cast<std::size_t>(displaced_.place);
    if (displaced_.what == What::value && edit.inserted) {
      list.replace(place, std::move(displaced_.value));
    } else if (displaced_.what == What::value) {
      list.insert(place, std::move(displaced_.value));
    } else {
      for (std::size_t left = displaced_.other; left > 0; --left) list.erase(place + left - 1);
    }
  }

  void operator()(const ListMove& /*move*/) {
    Json& list = at(parent());
    Json moved = list.erase(displaced_.other);
    if (displaced_.what == What::value) list.insert(displaced_.place, std::move(moved));
  }

  void operator()(const ObjectEdit& edit) {
    if (path_.empty()) {
      walk_.root() = std::move(displaced_.value);
      return;
    }
    Json& object = at(parent());
    const auto& key = std::get<std::string>(path_.back());
    if (displaced_.what == What::room) {
      object.remove(key);
    } else if (edit.inserted) {
      object.set(key, std::move(displaced_.value));
    } else {
      object.restore(key, {std::move(displaced_.value), displaced_.place});
    }
  }

  void operator()(const StringInsert& insert) { take_out(at(parent()), insert.text, position()); }
  void operator()(const StringDelete& deletion) { put_in(at(parent()), deletion.text, position()); }
  void operator()(const TextEdit& edit) {
    Json& string = at(path_);
    for (auto component = edit.op.rbegin(); component != edit.op.rend(); ++component) {
      if (const auto* insert = std::get_if<Text0::Insert>(&*component)) {
        take_out(string, insert->text, insert->position);
      } else {
        const auto& deletion = std::get<Text0::Delete>(*component);
        put_in(string, deletion.text, deletion.position);
      }
    }
  }

 private:
  Json& at(PathView path) {
    Json* target = walk_.to(path);
    OT_ASSERT(target != nullptr);
    return *target;
  }
  PathView parent() const { return path_.first(path_.size() - 1); }
  std::size_t position() const { return static_cast<std::size_t>(std::get<Index>(path_.back())); }

  // What was inserted past the end stands at the end.
  static void take_out(Json& string, const Text& inserted, std::size_t position) {
    const std::size_t length = inserted.length(Unit::utf16);
    string.edit_text([&](Text& text) {
      text.erase(std::min(position, text.length(Unit::utf16) - length), length, Unit::utf16);
    });
  }
  static void put_in(Json& string, const Text& deleted, std::size_t position) {
    string.edit_text([&](Text& text) {
      text.insert(std::min(position, text.length(Unit::utf16)), deleted, Unit::utf16);
    });
  }

  Walk& walk_;
  PathView path_;
  Displaced& displaced_;
};

}  // namespace

void undo(Walk& walk, const Component& component, Displaced& displaced) {
  if (displaced.what == What::nothing) return;
  std::visit(Undo(walk, component.path, displaced), component.instruction);
}

}  // namespace segue::ot::json0_parts
