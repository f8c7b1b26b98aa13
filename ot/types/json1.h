// json1: edits of a JSON tree by an op that is a tree itself, with moves.
//
// An op picks up, removes, drops, inserts and edits, all at once. spec/types/json1.md has the
// rules. Results are those of the npm package ot-json1, down to slot numbers and conflicts, since
// its clients compute the same transforms on their side.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>

#include "ot/function_ref.h"
#include "ot/json.h"
#include "ot/result.h"
#include "ot/type.h"
#include "ot/types/json1_op.h"
#include "ot/types/parse.h"

namespace segue::ot {

struct Json1 {
  static constexpr std::string_view name = "json1";
  static constexpr std::string_view uri = "http://sharejs.org/types/JSONv1";

  using Op = json1::Op;
  using Path = json1::Path;

  // Two ops of which one cannot do what it means once the other was done: the offending parts.
  struct Conflict {
    enum class Kind : std::uint8_t {
      // One puts, moves or edits something inside what the other removes.
      removed_content = 1,
      // Both put something to one key or the root.
      drop_collision = 2,
      // Each moves something into what the other moves.
      black_hole = 3,
    };
    Kind kind = Kind::removed_content;
    Op op;
    Op other;
  };
  using Attempt = std::variant<Op, Conflict>;

  static Result<Json> create(const Json* data);
  // The reference's checkValidOp, exactly: what an edit says it does not look at.
  // Errors: op_badly_formed.
  static Result<void> check(JsonView in);
  // check(), and the edits too. Edits of text are put in normal form, as text-unicode's are.
  // Errors: op_badly_formed; too_large (components, length of a path).
  static Result<Op> parse(JsonView in, std::size_t components_max = op_components_max);
  // As parse(), but edits of text as they are.
  static Result<Op> read(JsonView in, std::size_t components_max = op_components_max);
  static Json to_json(const Op& op);
  // Errors: op_badly_formed.
  static Result<Path> parse_path(JsonView in);
  static Json to_json(const Path& path);

  // A document may be undefined, which is nothing here. Errors: op_not_applied.
  static Result<void> apply(std::optional<Json>& doc, const Op& op);
  // The same where undefined cannot be told from null: an insert over null is an insert.
  static Result<void> apply(Json& doc, const Op& op);

  static Result<Op> compose(const Op& first, const Op& second);
  // Slots numbered in the order of the tree, no edits that do nothing.
  static Op normalize(const Op& op);

  // REQUIRES: what is removed stands in the op, deletes of text say it. Errors: op_badly_formed
  // where they do not; op_not_applied where an edit does not fit to the inserted value it is in.
  static Result<Op> invert(const Op& op);
  // `doc` is the document before the op. Errors: op_not_applied.
  static Result<Op> make_invertible(const Op& op, const std::optional<Json>& doc);
  static Result<Op> invert_with_doc(const Op& op, const Json& doc);

  // An op that takes `doc` to `target` and may be sent: what Json0::diff() finds.
  static Op diff(const Json& doc, const Json& target);

  // The transformed op, or the first conflict found. Errors: op_not_applied where two edits of one
  // value differ in type, or the ops cannot both be of one document.
  static Result<Attempt> try_transform(const Op& op, const Op& other, Side side);
  // Errors: those of try_transform(); op_not_applied for any conflict.
  static Result<Op> transform(const Op& op, const Op& other, Side side);
  // Resolves the conflicts that `may_resolve` says yes to, and answers the first other one.
  // Errors: those of try_transform(); too_costly.
  static Result<Attempt> transform_resolving(const Op& op, const Op& other, Side side,
                                             FunctionRef<bool(const Conflict&)> may_resolve);
  // Resolves all. Errors: those of try_transform(); too_costly.
  static Result<Op> transform_no_conflict(const Op& op, const Op& other, Side side);

  // Where the thing at `path` is after `op`: nothing if it was removed. Below an edit of text the
  // path goes on with a position in the text. Errors: op_not_applied where it does not.
  static Result<std::optional<Path>> transform_position(Path path, const Op& op);

  // Paths of things: see WithPaths.
  static Result<Hold> hold_of(const Json& path);
  static Result<Traced> trace(const Json& path, const Op& op);
};

}  // namespace segue::ot
