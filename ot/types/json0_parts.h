// What the parts of json0 (parse, apply, compose, transform) share. Not for others to include.
#pragma once

#include <optional>
#include <span>

#include "ot/types/json0.h"
#include "ot/types/parse.h"

namespace segue::ot::json0_parts {

using Component = Json0::Component;
using Index = Json0::Index;
using ListEdit = Json0::ListEdit;
using ListMove = Json0::ListMove;
using NumberAdd = Json0::NumberAdd;
using ObjectEdit = Json0::ObjectEdit;
using Op = Json0::Op;
using Path = Json0::Path;
using PathElement = Json0::PathElement;
using PathView = std::span<const PathElement>;
using StringDelete = Json0::StringDelete;
using StringInsert = Json0::StringInsert;
using TextEdit = Json0::TextEdit;

template <class Kind>
const Kind* as(const Component& component) {
  return std::get_if<Kind>(&component.instruction);
}
template <class Kind>
Kind* as(Component& component) {
  return std::get_if<Kind>(&component.instruction);
}

// An index, or a key that spells one as JavaScript prints it.
std::optional<Index> index_of(const PathElement& element);

// si or sd.
bool is_old_string_edit(const Component& component);
// An si or sd as text0 says it, and back. REQUIRES: is_old_string_edit(component).
Text0::Component to_text0(const Component& component);
Component from_text0(Path path_of_string, const Text0::Component& edit);
// The path without its last element.
Path parent_path(const Path& path);

// Puts `component` behind `op`, merged into its last component where that is possible.
// Errors: op_not_applied where two numbers add up to more than a double holds.
Result<void> append(Op& op, Component component);

}  // namespace segue::ot::json0_parts
