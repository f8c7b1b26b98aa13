// Document: one document's data, version and recent history; submit() is the whole server
// algorithm. Pure: what it does not hold in memory it asks for, and is called again.
//
// Strand: its actor's. Invariant: history().end() == version().
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>

#include "ot/function_ref.h"
#include "ot/history.h"
#include "ot/json.h"
#include "ot/op.h"
#include "ot/presence.h"
#include "ot/rebase.h"
#include "ot/result.h"
#include "ot/type_lookup.h"

namespace segue::ot {

struct Projection;

struct DocumentLimits {
  std::size_t document_bytes_max = 16u << 20;  // as printed JSON, after the op
  std::size_t depth_max = 128;                 // containers inside each other, after the op
  std::size_t history_bytes_max = 4u << 20;    // recent ops kept decoded
  std::size_t authors_max = 256;               // srcs remembered besides those in the history
  std::size_t steps_max = 100'000;             // of transforming that submit() does itself
};

// The data at a version. `type` is null where the document does not exist.
struct Snapshot {
  Version version;
  const AnyType* type = nullptr;
  Json data;
};

// What submit() found. After Accepted the op is committed in memory and must go to the log next;
// all else left the document unchanged.
struct Accepted {
  CommittedOpPtr op;
  std::string submitted;  // JSON text as submitted, where it differs from op->payload
};
struct Duplicate {
  Version committed;  // it was committed before, at this version
};
struct NeedAuthor {};     // call learn_author() with src's last seq in the log
struct NeedCommitted {};  // set `committed_known` and `committed` from the log's dedupe index
struct NeedOps {          // rebase it over the log's ops of [from, to), in one go or several
  Version from;
  Version to;
};
struct NeedTime {  // rebase it over these, which takes long, on another thread
  std::vector<CommittedOpPtr> ops;
};
using Outcome = std::variant<Accepted, Duplicate, NeedAuthor, NeedCommitted, NeedOps, NeedTime>;

class Document {
 public:
  explicit Document(DocumentLimits limits, TypeLookup find_type)
      : limits_(limits),
        find_type_(find_type),
        history_(limits.history_bytes_max),
        authors_allowed_(limits.authors_max) {}

  Version version() const { return history_.end(); }
  std::int64_t time_ms() const { return last_time_ms_; }  // of the newest op
  const History& history() const { return history_; }
  Snapshot snapshot() const { return {version(), type_, data_}; }  // O(1)
  // The document's type is not known here: its data can be neither edited nor read.
  bool unknown_type() const { return unknown_type_; }

  // What is in memory for it, roughly: data, history and authors. O(1).
  std::size_t memory_bytes() const;

  // Starts from a stored snapshot, while loading: of the type with this URI, empty where the
  // document does not exist; `data` is JSON text. Errors: log_corrupt. REQUIRES: version() is 0.
  Result<void> restore(Version version, std::string_view type_uri, std::string_view data);
  // Applies the next op of the log, while loading. Errors: log_corrupt where it does not fit.
  Result<void> replay(CommittedOp op);
  // While loading, where no op that replay() has seen tells the newest op's time.
  void set_time(std::int64_t time_ms) { last_time_ms_ = time_ms; }

  // Has the last word on an op that is about to be applied as it is in `pending`; false: no.
  using Consent = FunctionRef<bool(const PendingOp& pending)>;
  // Tries to commit an op. Its time becomes `now_ms`, or the last op's if that is later.
  // Errors: what its author is to be told; leased where there is no consent.
  Result<Outcome> submit(PendingOp& pending, std::int64_t now_ms, Consent consent);
  Result<Outcome> submit(PendingOp& pending, std::int64_t now_ms) {
    return submit(pending, now_ms, [](const PendingOp&) { return true; });
  }
  // Whether it is certain that the op was not committed before; then submit() would try to commit
  // it.
  bool is_new(PendingOp& pending) const;
  // For rebasing as NeedOps and NeedTime ask.
  Lineage lineage() const { return {type_, created_at_}; }
  void learn_author(const ClientId& src, std::optional<Seq> last);

  // Carries a place in the document over ops committed since: `ops` begin at its version. Errors:
  // presence_transform_failed, type_without_presence. REQUIRES: presence.version and type are set.
  Result<void> carry(Presence& presence, std::span<const CommittedOpPtr> ops) const;

  // Trims the history to its budget. Ops at or after `durable` stay whatever it is. Authors who
  // have no op in it are forgotten from time to time. Amortized O(1) for each op.
  void prune(Version durable);

 private:
  Result<std::optional<Outcome>> find_duplicate(PendingOp& pending) const;
  Result<Outcome> judge_duplicate(PendingOp& pending, Version committed) const;
  bool same_contents(PendingOp& pending, const CommittedOp& committed) const;
  bool same_edit(PendingOp& pending, const CommittedOp& committed) const;
  Result<void> carry(Presence& presence, const CommittedOp& op) const;
  Result<void> check_allowed(const PendingOp& pending) const;
  Result<void> apply(const PendingOp& pending);
  Result<void> apply_create(const AnyType& type, const std::optional<Json>& data);
  Result<void> apply_edit(const AnyOp& op);
  Result<void> check_size(const Json& data) const;
  Accepted commit(PendingOp& pending, std::int64_t now_ms);
  void remember(CommittedOp op);
  void forget_authors();

  DocumentLimits limits_;
  TypeLookup find_type_;
  const AnyType* type_ = nullptr;
  bool unknown_type_ = false;
  Json data_;
  // The create of what exists now, or existed last; 0 if that is before the snapshot it was
  // restored from. So nothing before it is of the present type, and after it everything in
  // history() is.
  Version created_at_;
  History history_;
  std::int64_t last_time_ms_ = 0;
  // Highest seq committed by a src. One that is absent has none if authors_complete_, else the log
  // has to be asked.
  std::unordered_map<std::string, Seq> authors_;
  bool authors_complete_ = true;
  std::size_t authors_allowed_;  // more of them are reason to forget some
};

}  // namespace segue::ot
