// json0: edits of a JSON tree by path. ShareDB's default type.
//
// An op is a list of components that apply one after another, each a path and one instruction.
// spec/types/json0.md has the rules. Results are those of the npm package ot-json0, since its
// clients compute the same transforms on their side and would diverge from nicer ones.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "ot/json.h"
#include "ot/result.h"
#include "ot/type.h"
#include "ot/types/parse.h"
#include "ot/types/text0.h"

namespace segue::ot {

struct Json0 {
  static constexpr std::string_view name = "json0";
  static constexpr std::string_view uri = "http://sharejs.org/types/JSONv0";

  // A list index or an object key. A key that spells an index ("0") may mean either, which only
  // the document can tell; it stays as it was sent and acts as an index on a list.
  using Index = std::int64_t;
  using PathElement = std::variant<std::string, Index>;
  using Path = std::vector<PathElement>;

  struct NumberAdd {
    double amount = 0;
    bool operator==(const NumberAdd&) const = default;
  };
  // li, ld, or both: a replacement. INVARIANT: at least one is there; the path ends in an index.
  struct ListEdit {
    std::optional<Json> removed;
    std::optional<Json> inserted;
    bool operator==(const ListEdit&) const = default;
  };
  // lm. `to` counts after the element was taken out. INVARIANT: the path ends in an index.
  struct ListMove {
    Index to = 0;
    bool operator==(const ListMove&) const = default;
  };
  // oi, od, or both: a replacement. INVARIANT: at least one is there.
  struct ObjectEdit {
    std::optional<Json> removed;
    std::optional<Json> inserted;
    bool operator==(const ObjectEdit&) const = default;
  };
  // si and sd, the old string edits. INVARIANT: the path ends in the position, an index.
  struct StringInsert {
    Text text;
    bool operator==(const StringInsert&) const = default;
  };
  struct StringDelete {
    Text text;
    bool operator==(const StringDelete&) const = default;
  };
  // t: "text0", o.
  struct TextEdit {
    Text0::Op op;
    bool operator==(const TextEdit&) const = default;
  };
  using Instruction =
      std::variant<NumberAdd, ListEdit, ListMove, ObjectEdit, StringInsert, StringDelete, TextEdit>;
  struct Component {
    Path path;
    Instruction instruction;
    bool operator==(const Component&) const = default;
  };
  using Op = std::vector<Component>;

  static Result<Json> create(const Json* data);
  // Errors: op_badly_formed; op_not_applied (a path element that is a name on JavaScript's
  // Object.prototype); too_large (components, path length).
  static Result<Op> parse(JsonView in, std::size_t components_max = op_components_max);
  static Json to_json(const Op& op);
  // Removing the root leaves null. Errors: op_not_applied; too_large (padding of a list).
  static Result<void> apply(Json& doc, const Op& op);
  // Errors: op_not_applied where the ops contradict each other; too_costly.
  static Result<Op> transform(const Op& op, const Op& other, Side side);
  static Result<Op> transform(const Op& op, const Op& other, Side side, Steps& steps);
  static Result<std::pair<Op, Op>> transform_both(const Op& left, const Op& right);
  // Errors: op_not_applied where two numbers add up to more than a double holds.
  static Result<Op> compose(const Op& first, const Op& second);
  static Result<Op> invert(const Op& op);
  // An op that takes `doc` to `target` and may be sent. Elements of a list are told apart by their
  // `id` where each has one, and by value otherwise; long strings are edited, short ones replaced.
  static Op diff(const Json& doc, const Json& target);
  // Like parse, and takes one bare component and a missing path (the root); merges neighbours.
  static Result<Op> normalize(const Json& in);

  // Whether `component` may change what stands at `path` or where it stands.
  static bool can_affect(const Component& component, const Path& path);
  // Whether the document is undefined, rather than null, after `op` (before it, `undefined`).
  static bool leaves_undefined(const Op& op, bool undefined);

  static Result<Path> parse_path(JsonView in);

  // Paths of things: see WithPaths. A value that is replaced is still the same thing; what was in
  // it is gone.
  static Result<Hold> hold_of(const Json& path);
  static Result<Traced> trace(const Json& path, const Op& op);
};

}  // namespace segue::ot
