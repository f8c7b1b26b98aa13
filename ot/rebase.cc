#include "ot/rebase.h"

#include <algorithm>
#include <cstdint>

#include "ot/json_text.h"

namespace segue::ot {

namespace {

// Steps over each op that are free: so the bound is on heavy ops and not on how late an op may be.
constexpr std::size_t free_steps = 100;

// What was committed is read without the bounds on what may be sent: an op may have grown beyond
// them by transforming.
constexpr JsonLimits no_limits{
    .depth_max = SIZE_MAX, .keys_max = SIZE_MAX, .key_bytes_max = SIZE_MAX};

// May an op of kind `submitted` follow one of kind `committed` that its author had not seen?
Result<void> check_concurrent(OpKind submitted, OpKind committed) {
  if (submitted == OpKind::noop || committed == OpKind::noop) {
    return {};
  }
  if (committed == OpKind::create || (committed == OpKind::edit && submitted == OpKind::create)) {
    return fail(Errc::doc_already_created, "Document was created remotely");
  }
  if (committed == OpKind::remove && submitted != OpKind::remove) {
    return fail(Errc::doc_was_deleted, "Document was deleted");
  }
  return {};
}

}  // namespace

bool Lineage::rebase(PendingOp& pending, std::span<const CommittedOpPtr> ops,
                     std::size_t steps_max) const {
  Steps slice(std::min(steps_max, pending.steps.left()));
  const bool is_all = slice.left() == pending.steps.left();
  for (const CommittedOpPtr& op : ops) {
    if (pending.committed == op->version) {
      pending.committed_op = op;
      return true;  // What came after the op's first arrival does not concern it.
    }
    if (!pending.at || op->version < *pending.at || pending.clash) {
      continue;
    }
    slice.grant(free_steps);
    pending.steps.grant(free_steps);
    const std::size_t before = slice.left();
    auto rewritten = rewrite(pending, *op, slice);
    pending.overwrote = slice.has_overwritten() || pending.overwrote;
    if (!rewritten && rewritten.error().code == Errc::too_costly && !is_all) {
      return false;
    }
    if (!rewritten) {
      pending.clash = std::move(rewritten.error());
    }
    (void)pending.steps.take(before - slice.left());
  }
  return true;
}

Result<void> Lineage::rewrite(PendingOp& pending, const CommittedOp& over, Steps& steps) const {
  const OpKind kind = pending.submission.kind;
  if (auto allowed = check_concurrent(kind, over.kind); !allowed) {
    return allowed;
  }
  const bool deleted_since = type == nullptr || over.version < created_at;
  if (kind == OpKind::edit && over.kind == OpKind::edit && !deleted_since) {
    if (auto valid = decode(pending); !valid) {
      return valid;
    }
    auto other = decoded(over);
    if (!other) {  // Of an earlier incarnation, from before the snapshot this one was restored
                   // from.
      return fail(Errc::doc_was_deleted, "Document was deleted");
    }
    auto transformed = type->transform(pending.op, *other, Side::left, steps);
    if (!transformed) {
      return fail(std::move(transformed.error()));
    }
    pending.op = std::move(*transformed);
  }
  pending.at = over.version + 1;
  return {};
}

Result<void> Lineage::decode(PendingOp& pending) const {
  if (pending.submission.kind != OpKind::edit || pending.op || type == nullptr) {
    return {};
  }
  auto op = type->parse(*pending.submission.value);
  if (!op) {
    return fail(std::move(op.error()));
  }
  pending.op = std::move(*op);
  return {};
}

Result<AnyOp> Lineage::decoded(const CommittedOp& op) const {
  if (op.op) {
    return op.op;
  }
  if (type == nullptr) {
    return fail(Errc::doc_was_deleted, "Document was deleted");
  }
  auto value = tokenize_json(op.payload, no_limits);
  if (!value) {
    return fail(Errc::log_corrupt, value.error().detail);
  }
  return type->parse_committed(*value);
}

}  // namespace segue::ot
