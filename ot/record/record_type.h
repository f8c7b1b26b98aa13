// A record type: the OT type of one schema. Ops name what they do to which field or element; they
// are checked against the schema when they are parsed, and can be explained after a transform.
//
// spec/types/record.md has the rules. Ops and findings point into this type, which outlives them.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "ot/json.h"
#include "ot/record/explain.h"
#include "ot/record/op.h"
#include "ot/record/schema.h"
#include "ot/result.h"
#include "ot/type.h"
#include "ot/types/parse.h"

namespace segue::ot {

class RecordType {
 public:
  using Op = record::Op;

  explicit RecordType(record::Schema schema);

  std::string name;  // "segue:production/1"
  std::string uri;   // the same
  const record::Schema& schema() const { return *schema_; }

  // Errors: op_badly_formed, bad_string.
  Result<Json> create(const Json* data) const;
  // Errors: op_badly_formed, bad_string, too_large (components).
  Result<Op> parse(JsonView in) const;
  // As parse, for what was committed: limits of values and of length do not count.
  Result<Op> parse_committed(JsonView in) const;
  static Json to_json(const Op& op) { return record::to_json(op); }
  // Errors: op_not_applied.
  static Result<void> apply(Json& doc, const Op& op) { return record::apply(doc, op); }
  // Errors: too_costly.
  static Result<Op> transform(const Op& op, const Op& other, Side side) {
    return record::transform(op, other, side);
  }
  static Result<Op> transform(const Op& op, const Op& other, Side side, Steps& steps) {
    return record::transform(op, other, side, steps);
  }
  static Result<Op> compose(const Op& first, const Op& second) {
    return record::compose(first, second);
  }
  // Errors: op_badly_formed where a memory is missing.
  static Result<Op> invert(const Op& op) { return record::invert(op); }

  // What transform() does to `op`. Errors: too_costly.
  static Result<Json> explain(const Op& op, const Op& other, Side side, const Json& doc);

  // Where a cursor or a selected element is after `op`: a path such as ["sources", 2, "name", 5],
  // or null where it is gone; null stays null. `own`: whether it belongs to the op's author, who
  // types at it. Errors: op_badly_formed.
  Result<Json> transform_presence(const Json& place, const Op& op, bool own) const;

  // Paths of things are places without a position: see WithPaths. A lease is exclusive where the
  // schema says so of the field, or of the list that the path leads into.
  Result<Hold> hold_of(const Json& path) const;
  Result<Traced> trace(const Json& path, const Op& op) const;

  // A small op with memories that takes `doc` to `target`.
  // Errors: those of create() for `target`; op_not_applied where `doc` is no document of this type.
  Result<Op> diff(const Json& doc, const Json& target) const;

 private:
  // Never moves, since ops point into it.
  std::unique_ptr<const record::Schema> schema_;
};

}  // namespace segue::ot
