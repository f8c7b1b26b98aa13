// text0: edits of a string at UTF-16 positions. The subtype that json0 edits strings with.
//
// An op is a list of components that apply one after another. spec/types/json0.md has the rules;
// the results are those of the npm package ot-json0, also where another choice would be nicer.
#pragma once

#include <cstddef>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "ot/json.h"
#include "ot/result.h"
#include "ot/text.h"
#include "ot/type.h"
#include "ot/types/component_lists.h"
#include "ot/types/parse.h"

namespace segue::ot {

struct Text0 {
  static constexpr std::string_view name = "text0";
  static constexpr std::string_view uri = "http://sharejs.org/types/textv0";

  // Beyond the end of the text it appends.
  struct Insert {
    std::size_t position = 0;
    Text text;
    bool operator==(const Insert&) const = default;
  };
  // Applies only where exactly `text` stands.
  struct Delete {
    std::size_t position = 0;
    Text text;
    bool operator==(const Delete&) const = default;
  };
  using Component = std::variant<Insert, Delete>;
  using Op = std::vector<Component>;

  static Result<Json> create(const Json* data);
  // Errors: op_badly_formed; too_large (components).
  static Result<Op> parse(JsonView in, std::size_t components_max = op_components_max);
  static Json to_json(const Op& op);
  // Errors: op_not_applied, with `doc` as it was.
  static Result<void> apply(Json& doc, const Op& op);
  static Result<void> apply(Text& text, const Op& op);
  // Errors: op_not_applied where both delete the same place and name different text; too_costly.
  static Result<Op> transform(const Op& op, const Op& other, Side side);
  static Result<std::pair<Op, Op>> transform_both(const Op& left, const Op& right);
  static Result<Op> compose(const Op& first, const Op& second);
  static Result<Op> invert(const Op& op);
  // Like parse, and takes one bare component and a missing position (0), though not both missing
  // of a delete; merges neighbours.
  static Result<Op> normalize(const Json& in);
  // Where a cursor is after `op`. An insert at the cursor moves it for Side::right only.
  static std::size_t transform_cursor(std::size_t position, const Op& op, Side side);

  // The parts that json0 builds on.

  // As transform, with the work taken from `steps`.
  static Result<Op> transform(const Op& op, const Op& other, Side side, Steps& steps);
  // Puts `component` behind `op`, merged into its last component where the two touch.
  static void append(Op& op, Component component);
};

}  // namespace segue::ot
