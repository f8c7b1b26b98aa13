// Ops of record types, as values. They point into their schema, which outlives them.
//
// spec/types/record.md has the rules of everything here.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "ot/json.h"
#include "ot/record/schema.h"
#include "ot/result.h"
#include "ot/type.h"
#include "ot/types/text_unicode.h"

namespace segue::ot::record {

using Index = std::size_t;

struct Add {
  Json data;  // INVARIANT: an object with a valid id
  bool operator==(const Add&) const = default;
};
struct Remove {
  std::optional<Json> data;  // memory: the element
  bool operator==(const Remove&) const = default;
};
// `to` counts without the element. INVARIANT: it is not the component's index.
struct Move {
  Index to = 0;
  bool operator==(const Move&) const = default;
};
struct Set {
  const Field* field;
  Json value;
  std::optional<Json> was;  // memory
  bool operator==(const Set&) const = default;
};
// INVARIANT: not empty, and in normal form.
struct Edit {
  const Field* field;
  TextUnicode::Op text;
  bool operator==(const Edit&) const = default;
};
// INVARIANT: not zero.
struct Increment {
  const Field* field;
  Units by;
  bool operator==(const Increment&) const = default;
};
using Instruction = std::variant<Add, Remove, Move, Set, Edit, Increment>;

struct Component {
  const List* list = nullptr;                    // null: the record itself, which has fields only
  Index index = 0;                               // in the list
  std::optional<std::string> id = std::nullopt;  // asserted of the element there; never of an add
  Instruction instruction;

  bool operator==(const Component&) const = default;
};
using Op = std::vector<Component>;

template <class Instruction>
const Instruction* as(const Component& component) {
  return std::get_if<Instruction>(&component.instruction);
}
template <class Instruction>
Instruction* as(Component& component) {
  return std::get_if<Instruction>(&component.instruction);
}

// The field that is set, edited or incremented; null for the others.
const Field* field_of(const Component& component);
// REQUIRES: an object with a valid id.
std::string id_of(const Json& element);
// Whether it changes nothing: INVARIANTs above do not hold of it.
bool is_idle(const Component& component);
// In code points: how much `text` puts in.
std::size_t inserted_length(const TextUnicode::Op& text);

Json to_json(const Component& component);
Json to_json(const Op& op);

// Where the element at `index` stands after `over`, an add, remove or move in its list; nothing if
// that takes it away. Other components leave it where it is.
std::optional<Index> follow(Index index, const Component& over);
// A place in a list, counted without the element at `left_out`, which is another one.
inline Index without(Index index, Index left_out) { return left_out < index ? index - 1 : index; }

// Puts the default where a field is missing.
void complete(Json& object, const Fields& fields);
// Does what a set, edit or increment does to the element or record that it names.
// Errors: op_not_applied; `element` may be changed then.
Result<void> edit_element(Json& element, const Component& component);

// Errors: op_not_applied; then `doc` is unchanged.
Result<void> apply(Json& doc, const Op& op);

Result<Op> compose(const Op& first, const Op& second);
Op normalize(const Op& op);
// Errors: op_badly_formed where a memory is missing.
Result<Op> invert(const Op& op);
// With all memories and ids as `doc` has them, the document before it. Errors: those of apply().
Result<Op> make_invertible(const Op& op, const Json& doc);

}  // namespace segue::ot::record
