// text-unicode: edits of a string by walking over it, counted in Unicode code points.
//
// An op is a list of components: skip some, insert text, delete some. spec/types/text-unicode.md
// has the rules. Results are those of the npm package ot-text-unicode. Ops and documents hold no
// lone surrogates, so that a code point is the same thing on every side.
#pragma once

#include <cstddef>
#include <string_view>

#include "ot/json.h"
#include "ot/result.h"
#include "ot/text.h"
#include "ot/type.h"
#include "ot/types/parse.h"
#include "ot/types/text_unicode_op.h"

namespace segue::ot {

struct TextUnicode {
  static constexpr std::string_view name = "text-unicode";
  static constexpr std::string_view uri = "http://sharejs.org/types/text-unicode";

  using Op = TextUnicodeOp;

  static Result<Json> create(const Json* data);
  // The reference's checkOp, exactly: it lets fractions, booleans and further fields of a delete
  // pass, which read() refuses.
  // Errors: op_badly_formed.
  static Result<void> check(JsonView in);
  // check(), read() and normalize(): inserts in a row would not converge (the reference's clients
  // send none). Errors: op_badly_formed; too_large (components).
  static Result<Op> parse(JsonView in, std::size_t components_max = op_components_max);
  // An op as it is, also in no canonical form: empty parts, skips in a row or at the end. Errors:
  // those of parse().
  static Result<Op> read(JsonView in, std::size_t components_max = op_components_max);
  static Json to_json(const Op& op);
  // A delete past the end deletes what there is. Errors: op_not_applied (a skip past the end).
  static Result<void> apply(Json& doc, const Op& op);
  // What apply() to this text would answer.
  static Result<void> check_fits(const Op& op, const Text& text);
  static Result<Op> transform(const Op& op, const Op& other, Side side);
  static Result<Op> compose(const Op& first, const Op& second);

  // No empty parts, neighbours of one kind merged, no skip at the end.
  static Op normalize(const Op& op);
  // Drops a skip at the end, and nothing else.
  static Op trim(Op op);

  // Errors: op_badly_formed where a delete does not say its text.
  static Result<Op> invert(const Op& op);
  static bool is_invertible(const Op& op);
  // Deletes say their text, or only its length. REQUIRES: doc.is_string().
  static Op make_invertible(const Op& op, const Json& doc);
  static Op strip_invertible(const Op& op);

  // A short op that takes one text to the other; its deletes say their text.
  static Op diff(const Text& from, const Text& to);
  // Errors: op_badly_formed where `target` is no text of this type.
  static Result<Op> diff(const Json& doc, const Json& target);

  // Where a cursor is after `op`. An insert at the cursor does not move it.
  static std::size_t transform_position(std::size_t position, const Op& op);
};

}  // namespace segue::ot
