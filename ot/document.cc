#include "ot/document.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "ot/assert.h"
#include "ot/json_text.h"
#include "ot/planted_bug.h"
#include "ot/projection.h"

namespace segue::ot {

namespace {

// What was committed is read without the bounds on what may be sent: an op may have grown beyond
// them by transforming, a document op by op.
constexpr JsonLimits no_limits{
    .depth_max = SIZE_MAX, .keys_max = SIZE_MAX, .key_bytes_max = SIZE_MAX};

std::string text_of(const std::optional<JsonPart>& value) {
  return value ? json_text(value->view()) : std::string();
}

std::optional<Json> value_of(const std::optional<JsonPart>& part) {
  return part ? std::optional(part->value()) : std::nullopt;
}

}  // namespace

std::size_t Document::memory_bytes() const {
  // A text takes what it prints to, objects of a few short members eight times that.
  constexpr std::size_t bytes_per_printed_byte = 4;
  constexpr std::size_t bytes_per_author = 128;  // a node, and the 32 characters of a usual src
  return sizeof(Document) + bytes_per_printed_byte * data_.printed_bytes() + history_.bytes() +
         bytes_per_author * authors_.size();
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
  std::optional<JsonTape> value;
  if (!op.payload.empty()) {
    auto parsed = tokenize_json(op.payload, no_limits);
    if (!parsed) {
      return corrupt(parsed.error().detail);
    }
    value = std::move(*parsed);
  }
  if (op.kind == OpKind::create) {
    const AnyType* type = find_type_(op.type);
    unknown_type_ = type == nullptr;
    if (type != nullptr) {
      const auto data = value ? std::optional(JsonView(*value).value()) : std::nullopt;
      if (auto created = apply_create(*type, data); !created) {
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

Result<Outcome> Document::submit(PendingOp& pending, std::int64_t now_ms, Consent consent) {
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
  const bool is_of_a_former = *pending.at < created_at_;  // rebase() finds that this is gone
  if (auto valid = is_of_a_former ? Result<void>() : lineage().decode(pending); !valid) {
    return fail(std::move(valid.error()));
  }
  if (*pending.at < history_.begin()) {
    return NeedOps{*pending.at, history_.begin()};
  }
  auto concurrent = history_.range(*pending.at, version());
  if (!lineage().rebase(pending, concurrent, limits_.steps_max)) {
    return NeedTime{std::move(concurrent)};
  }
  if (pending.clash) {
    return fail(*pending.clash);
  }
  if (auto allowed = check_allowed(pending); !allowed) {
    return fail(std::move(allowed.error()));
  }
  if (!consent(pending)) {
    return fail(Errc::leased, "Another has a lease of what the op would change");
  }
  if (auto applied = apply(pending); !applied) {
    return fail(std::move(applied.error()));
  }
  return commit(pending, now_ms);
}

// What only shows when the op has been rewritten.
Result<void> Document::check_allowed(const PendingOp& pending) const {
  const Submission& submission = pending.submission;
  if (pending.projection != nullptr && submission.kind == OpKind::create) {
    const auto data = value_of(submission.value);
    return pending.projection->check_create(*submission.type, data ? &*data : nullptr);
  }
  if (submission.kind != OpKind::edit || type_ == nullptr) {
    return {};
  }
  if (pending.projection != nullptr) {
    if (auto allowed = pending.projection->check_edit(type_->to_json(pending.op)); !allowed) {
      return allowed;
    }
  }
  const bool rewritten = submission.base && *submission.base < version();
  if (pending.refuse_no_op && rewritten) {
    const Json op = type_->to_json(pending.op);
    if (op.is_array() && op.size() == 0) {
      return fail(Errc::no_op, "Op is a no-op. Skipping apply.");
    }
  }
  return {};
}

// ---- presence

Result<void> Document::carry(Presence& presence, std::span<const CommittedOpPtr> ops) const {
  OT_ASSERT(presence.version && presence.type != nullptr);
  for (const CommittedOpPtr& op : ops) {
    OT_ASSERT(op->version == *presence.version);
    if (auto carried = carry(presence, *op); !carried) {
      return carried;
    }
    ++*presence.version;
  }
  return {};
}

Result<void> Document::carry(Presence& presence, const CommittedOp& op) const {
  if (op.kind == OpKind::create || op.kind == OpKind::remove) {
    presence.value = Json();  // Nobody has a place in another document.
  }
  if (op.kind != OpKind::edit || presence.value.is_null()) {
    return {};
  }
  if (presence.type != type_) {
    return fail(Errc::presence_transform_failed, "The presence is of another type");
  }
  auto edit = lineage().decoded(op);
  if (!edit) {
    return fail(Errc::presence_transform_failed, std::move(edit.error().detail));
  }
  auto moved = type_->transform_presence(presence.value, *edit, op.src == presence.src);
  if (!moved) {
    return fail(moved.error().code == Errc::type_without_presence ? moved.error().code
                                                                  : Errc::presence_transform_failed,
                std::move(moved.error().detail));
  }
  presence.value = std::move(*moved);
  return {};
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
    auto ops = history_.range(from, committed + 1);
    if (!lineage().rebase(pending, ops, limits_.steps_max)) {
      return NeedTime{std::move(ops)};
    }
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
  const Lineage lineage = this->lineage();
  auto first = lineage.decoded(committed);
  if (!first) {
    return true;  // Of another type, long gone.
  }
  if (!lineage.decode(pending)) {
    return false;
  }
  // An author that is already past the committed version has carried its op on from there.
  Steps steps(limits_.steps_max);
  for (Version v = committed.version + 1; v < *pending.submission.base; ++v) {
    if (v < history_.begin() || v >= history_.end()) {
      return true;
    }
    const CommittedOp& over = *history_.at(v);
    auto other = lineage.decoded(over);
    if (over.kind != OpKind::edit || !other) {
      continue;
    }
    first = type_->transform(*first, *other, Side::left, steps);
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
      return apply_create(*pending.submission.type, value_of(pending.submission.value));
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
    op.payload = text_of(submission.value);
    const Json committed = type_->to_json(pending.op);
    if (!submission.value->view().equals(committed)) {
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
  if (authors_.size() > authors_allowed_) {
    forget_authors();
  }
}

void Document::forget_authors() {
  std::unordered_set<std::string_view> recent;
  for (Version v = history_.begin(); v < history_.end(); ++v) {
    recent.insert(history_.at(v)->src.value);
  }
  const std::size_t forgotten =
      std::erase_if(authors_, [&](const auto& author) { return !recent.contains(author.first); });
  authors_complete_ = authors_complete_ && forgotten == 0;
  // The share of those that stay bounds how often all are looked at, where each op is of another.
  authors_allowed_ = authors_.size() + authors_.size() / 4 + limits_.authors_max;
}

}  // namespace segue::ot
