// Rewriting an op that is being submitted so that it applies after ops that its author had not
// seen.
#pragma once

#include <cstddef>
#include <limits>
#include <optional>
#include <span>
#include <utility>

#include "ot/ids.h"
#include "ot/op.h"
#include "ot/result.h"
#include "ot/steps.h"
#include "ot/type.h"

namespace segue::ot {

struct Projection;

// An op being submitted, and how far it has come. Document::submit() may hand it back several
// times with a Need; answering that and calling again carries on where it stopped.
struct PendingOp {
  explicit PendingOp(Submission what) : submission(std::move(what)), at(submission.base) {}

  Submission submission;
  const Projection* projection = nullptr;  // its author sees the document through this one
  bool refuse_no_op = false;   // if others' ops have left nothing of it, that is an error
  std::optional<Version> at;   // rewritten so far to apply at this version
  AnyOp op;                    // an edit, decoded and rewritten
  std::optional<Error> clash;  // it could not be rewritten any further
  Steps steps;                 // left for all of its rewriting
  bool overwrote = false;      // a value that its author had not seen: see Steps

  // The log's answer to NeedCommitted, and the op it names once that was read.
  bool committed_known = false;
  std::optional<Version> committed;
  CommittedOpPtr committed_op;
};

// What rewriting needs to know of a document. A value: it, and an op that nobody else uses
// meanwhile, may go to another thread.
struct Lineage {
  const AnyType* type = nullptr;  // null: the document does not exist
  // The create of what exists now. What was committed before may be of another type, and does not
  // matter: the delete comes next, and refuses the op.
  Version created_at;

  // Rewrites `pending` over `ops`, which go on from where it is; what cannot be rewritten gets a
  // `clash`. Stops before a pair of ops that would go beyond `steps_max`, and answers false: then
  // call again with more, elsewhere.
  bool rebase(PendingOp& pending, std::span<const CommittedOpPtr> ops,
              std::size_t steps_max = std::numeric_limits<std::size_t>::max()) const;

  // Decodes an edit if that was not done. Errors: those of AnyType::parse().
  Result<void> decode(PendingOp& pending) const;
  // Errors: those of AnyType::parse_committed(); doc_was_deleted.
  Result<AnyOp> decoded(const CommittedOp& op) const;

 private:
  Result<void> rewrite(PendingOp& pending, const CommittedOp& over, Steps& steps) const;
};

}  // namespace segue::ot
