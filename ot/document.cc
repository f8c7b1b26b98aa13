#include "ot/document.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "ot/assert.h"
#include "ot/json_text.h"
#include "ot/planted_bug.h"

namespace segue::ot {

namespace {

// What was committed is read without the bounds on what may be sent: an op may have grown beyond
// them by transforming, a document op by op.
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

std::string text_of(const std::optional<Json>& value) {
  return value ? json_text(*value) : std::string();
}

}  // namespace

std::size_t Document::memory_bytes() const {
  // A text takes what it prints to, objects of a few short members eight times that.
  constexpr std::size_t bytes_per_printed_byte = 4;
  return sizeof(Document) + bytes_per_printed_byte * data_.printed_bytes() + history_.bytes();
}

Result<void> Document::restore(Version version, std::string_view type_uri, std::string_view data) {
  OT_ASSERT(this->version() == Version{});
  type_ = type_uri.empty() ? nullptr : find_type_(type_uri);
  unknown_type_ = type_ == nullptr && !type_uri.empty();
  if (type_ != nullptr) {
    auto value = parse_json(data, no_limits);
    if (!value) {
      return fail(Errc::log_corrupt, "snapshot at version " + std::to_string(version.value) + ": " +
                                         value.error().detail);
    }
    data_ = std::move(*value);
  }
  history_.reset(version);
  authors_complete_ = version == Version{};
  return {};
}

Result<void> Document::replay(CommittedOp op) {
  const auto corrupt = [&](const std::string& why) {
    return fail(Errc::log_corrupt,
                "op at version " + std::to_string(op.version.value) + ": " + why);
  };
  if (op.version != version()) {
    return corrupt("expected version " + std::to_string(version().value));
  }
  std::optional<Json> value;
  if (!op.payload.empty()) {
    auto parsed = parse_json(op.payload, no_limits);
    if (!parsed) {
      return corrupt(parsed.error().detail);
    }
    value = std::move(*parsed);
  }
  if (op.kind == OpKind::create) {
    const AnyType* type = find_type_(op.type);
    unknown_type_ = type == nullptr;
    if (type != nullptr) {
      if (auto created = apply_create(*type, value); !created) {
        return corrupt(created.error().detail);
      }
    }
    created_at_ = op.version;
  } else if (op.kind == OpKind::remove) {
    type_ = nullptr;
    unknown_type_ = false;
    data_ = Json();
  } else if (op.kind == OpKind::edit && !unknown_type_) {
    if (type_ == nullptr || !value) {
      return corrupt("edits a document that does not exist");
    }
    auto decoded = type_->parse_committed(*value);
    if (!decoded) {
      return corrupt(decoded.error().detail);
    }
    if (auto applied = type_->apply(data_, *decoded); !applied) {
      return corrupt(applied.error().detail);
    }
    op.op = std::move(*decoded);
  }
  remember(std::move(op));
  prune(version());
  return {};
}

Result<Outcome> Document::submit(PendingOp& pending, std::int64_t now_ms) {
  auto duplicate = find_duplicate(pending);
  if (!duplicate) {
    return fail(std::move(duplicate.error()));
  }
  if (*duplicate) {
    return std::move(**duplicate);
  }
  if (pending.clash) {
    return fail(*pending.clash);
  }
  if (unknown_type_) {
    return fail(Errc::doc_type_not_recognized, "Document type is not known to this server");
  }
  if (!pending.at) {
    if (pending.submission.kind == OpKind::create && type_ != nullptr) {
      return fail(Errc::doc_already_created, "Invalid op submitted. Document already created");
    }
    pending.at = version();
  }
  if (*pending.at > version()) {
    return fail(Errc::version_ahead, "Op version " + std::to_string(pending.at->value) +
                                         " is newer than the document's version " +
                                         std::to_string(version().value));
  }
  if (pending.submission.only_at_base && pending.submission.base != version()) {
    return fail(Errc::version_conflict,
                "The document is at version " + std::to_string(version().value));
  }
  if (auto valid = decode(pending); !valid) {
    return fail(std::move(valid.error()));
  }
  if (*pending.at < history_.begin()) {
    return NeedOps{*pending.at, history_.begin()};
  }
  const auto concurrent = history_.range(*pending.at, version());
  rebase(pending, concurrent);
  if (pending.clash) {
    return fail(*pending.clash);
  }
  if (auto applied = apply(pending); !applied) {
    return fail(std::move(applied.error()));
  }
  return commit(pending, now_ms);
}

void Document::rebase(PendingOp& pending, std::span<const CommittedOpPtr> ops) const {
  for (const CommittedOpPtr& op : ops) {
    if (pending.committed == op->version) {
      pending.committed_op = op;
      return;  // What came after the op's first arrival does not concern it.
    }
    if (!pending.at || op->version < *pending.at || pending.clash) {
      continue;
    }
    if (auto rewritten = rewrite(pending, *op); !rewritten) {
      pending.clash = std::move(rewritten.error());
    }
  }
}

Result<void> Document::rewrite(PendingOp& pending, const CommittedOp& over) const {
  const OpKind kind = pending.submission.kind;
  if (auto allowed = check_concurrent(kind, over.kind); !allowed) {
    return allowed;
  }
  // What was committed to a document that was deleted since may be of another type, and does not
  // matter: the delete comes next, and refuses the op.
  const bool deleted_since = type_ == nullptr || over.version < created_at_;
  if (kind == OpKind::edit && over.kind == OpKind::edit && !deleted_since) {
    if (auto valid = decode(pending); !valid) {
      return valid;
    }
    auto other = decoded(over);
    if (!other) {  // Of an earlier incarnation, from before the snapshot this one was restored
                   // from.
      return fail(Errc::doc_was_deleted, "Document was deleted");
    }
    auto transformed = type_->transform(pending.op, *other, Side::left);
    if (!transformed) {
      return fail(std::move(transformed.error()));
    }
    pending.op = std::move(*transformed);
  }
  pending.at = over.version + 1;
  return {};
}

Result<void> Document::decode(PendingOp& pending) const {
  if (pending.submission.kind != OpKind::edit || pending.op || type_ == nullptr) {
    return {};
  }
  auto op = type_->parse(*pending.submission.value);
  if (!op) {
    return fail(std::move(op.error()));
  }
  pending.op = std::move(*op);
  return {};
}

Result<AnyOp> Document::decoded(const CommittedOp& op) const {
  if (op.op) {
    return op.op;
  }
  if (type_ == nullptr) {
    return fail(Errc::doc_was_deleted, "Document was deleted");
  }
  auto value = parse_json(op.payload, no_limits);
  if (!value) {
    return fail(Errc::log_corrupt, value.error().detail);
  }
  return type_->parse_committed(*value);
}

// ---- exactly once

bool Document::is_new(PendingOp& pending) const {
  const auto duplicate = find_duplicate(pending);
  return duplicate && !*duplicate;
}

Result<std::optional<Outcome>> Document::find_duplicate(PendingOp& pending) const {
  const Submission& submission = pending.submission;
  const auto recent = history_.find(submission.src, submission.seq);
  if (planted(Bug::dedupe_from_base_only) && recent < submission.base) {
    return std::nullopt;
  }
  if (recent) {
    pending.committed = recent;
  } else if (planted(Bug::dedupe_forgotten_at_restart)) {
    return std::nullopt;
  } else if (!pending.committed_known) {
    const auto author = authors_.find(submission.src.value);
    if (author == authors_.end()) {
      return authors_complete_ ? std::nullopt : std::optional<Outcome>(NeedAuthor{});
    }
    if (submission.seq > author->second) {
      return std::nullopt;
    }
    return NeedCommitted{};
  }
  if (!pending.committed) {
    return std::nullopt;  // A number its author skipped here: other documents use the same counter.
  }
  auto judged = judge_duplicate(pending, *pending.committed);
  if (!judged) {
    return fail(std::move(judged.error()));
  }
  return std::move(*judged);
}

// A resent op has been transformed by its author meanwhile. So it is compared after rewriting it up
// to the version it was committed at; where that cannot be done it counts as equal.
Result<Outcome> Document::judge_duplicate(PendingOp& pending, Version committed) const {
  if (!pending.committed_op) {
    const bool comparable = pending.at && !pending.clash;
    const Version from = comparable ? std::min(*pending.at, committed) : committed;
    if (from < history_.begin()) {
      return NeedOps{from, std::min(history_.begin(), committed + 1)};
    }
    rebase(pending, history_.range(from, committed + 1));
  }
  OT_ASSERT(pending.committed_op);
  if (!same_contents(pending, *pending.committed_op)) {
    return fail(Errc::op_already_submitted,
                "Another op with this src and seq was committed at version " +
                    std::to_string(committed.value));
  }
  return Duplicate{committed};
}

bool Document::same_contents(PendingOp& pending, const CommittedOp& committed) const {
  const Submission& submission = pending.submission;
  if (submission.kind != committed.kind) {
    return false;
  }
  switch (submission.kind) {
    case OpKind::create:
      return submission.type->uri == committed.type &&
             text_of(submission.value) == committed.payload;
    case OpKind::edit:
      return same_edit(pending, committed);
    case OpKind::remove:
    case OpKind::noop:
      return true;
  }
  return false;
}

bool Document::same_edit(PendingOp& pending, const CommittedOp& committed) const {
  const bool comparable = type_ != nullptr && committed.version >= created_at_ && !pending.clash;
  if (!comparable || text_of(pending.submission.value) == committed.payload) {
    return true;
  }
  if (!pending.at) {
    return true;  // Sent without a version, it cannot be placed.
  }
  auto first = decoded(committed);
  if (!first) {
    return true;  // Of another type, long gone.
  }
  if (!decode(pending)) {
    return false;
  }
  // An author that is already past the committed version has carried its op on from there.
  for (Version v = committed.version + 1; v < *pending.submission.base; ++v) {
    if (v < history_.begin() || v >= history_.end()) {
      return true;
    }
    const CommittedOp& over = *history_.at(v);
    auto other = decoded(over);
    if (over.kind != OpKind::edit || !other) {
      continue;
    }
    first = type_->transform(*first, *other, Side::left);
    if (!first) {
      return true;
    }
  }
  return type_->to_json(pending.op) == type_->to_json(*first);
}

void Document::learn_author(const ClientId& src, std::optional<Seq> last) {
  Seq& known = authors_[src.value];
  known = std::max(known, last.value_or(Seq{}));
}

// ---- applying and committing

Result<void> Document::apply(const PendingOp& pending) {
  switch (pending.submission.kind) {
    case OpKind::create:
      if (type_ != nullptr) {
        return fail(Errc::doc_already_created, "Document already exists");
      }
      return apply_create(*pending.submission.type, pending.submission.value);
    case OpKind::edit:
      if (type_ == nullptr) {
        return fail(Errc::doc_does_not_exist, "Document does not exist");
      }
      return apply_edit(pending.op);
    case OpKind::remove:
      type_ = nullptr;
      data_ = Json();
      return {};
    case OpKind::noop:
      return {};
  }
  return {};
}

Result<void> Document::apply_create(const AnyType& type, const std::optional<Json>& data) {
  auto created = type.create(data ? &*data : nullptr);
  if (!created) {
    return fail(std::move(created.error()));
  }
  if (auto fits = check_size(*created); !fits) {
    return fits;
  }
  type_ = &type;
  data_ = std::move(*created);
  return {};
}

Result<void> Document::apply_edit(const AnyOp& op) {
  Json before = data_;  // O(1): to go back to if the result is too large.
  auto applied = type_->apply(data_, op);
  if (applied) {
    applied = check_size(data_);
  }
  if (!applied) {
    data_ = std::move(before);
  }
  return applied;
}

Result<void> Document::check_size(const Json& data) const {
  if (data.printed_bytes() > limits_.document_bytes_max) {
    return fail(Errc::too_large, "The document would exceed " +
                                     std::to_string(limits_.document_bytes_max) + " bytes");
  }
  if (data.depth() > limits_.depth_max) {
    return fail(Errc::too_deep, "The document would be nested deeper than " +
                                    std::to_string(limits_.depth_max) + " levels");
  }
  return {};
}

Accepted Document::commit(PendingOp& pending, std::int64_t now_ms) {
  Submission& submission = pending.submission;
  CommittedOp op;
  op.version = version();
  op.kind = submission.kind;
  op.src = submission.src;
  op.seq = submission.seq;
  op.time_ms = std::max(last_time_ms_, now_ms);
  std::string submitted;
  if (op.kind == OpKind::create) {
    created_at_ = op.version;
    op.type = std::string(submission.type->uri);
    op.payload = text_of(submission.value);
  } else if (op.kind == OpKind::edit) {
    op.payload = json_text(*submission.value);
    const Json committed = type_->to_json(pending.op);
    if (committed != *submission.value) {
      submitted = std::exchange(op.payload, json_text(committed));
    }
    op.op = pending.op;
  }
  remember(std::move(op));
  return Accepted{history_.at(Version{version().value - 1}), std::move(submitted)};
}

void Document::remember(CommittedOp op) {
  last_time_ms_ = op.time_ms;
  // Of a src that is not known the log may have a higher seq than this one.
  const auto author = authors_.find(op.src.value);
  if (author != authors_.end()) {
    author->second = std::max(author->second, op.seq);
  } else if (authors_complete_) {
    authors_.emplace(op.src.value, op.seq);
  }
  history_.push(std::make_shared<const CommittedOp>(std::move(op)));
}

void Document::prune(Version durable) {
  history_.prune(durable);
  if (authors_.size() <= limits_.authors_max + (history_.end() - history_.begin())) {
    return;
  }
  std::unordered_set<std::string_view> recent;
  for (Version v = history_.begin(); v < history_.end(); ++v) {
    recent.insert(history_.at(v)->src.value);
  }
  std::erase_if(authors_, [&](const auto& author) { return !recent.contains(author.first); });
  authors_complete_ = false;
}

}  // namespace segue::ot
