// OpLog: the durable, ordered record of every op of every document. The seam that a second store
// (PostgreSQL, several nodes) implements; the contract is tests/oplog/op_log_contract.h.
//
// Threads: any, at any time. Writes run one after the other, and each waits for the disk, so they
// belong on the commit thread or a pool. Reads run beside them; each sees one consistent state that
// includes every append that had returned before the read began.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ot/ids.h"
#include "ot/op.h"
#include "ot/result.h"

namespace segue::oplog {

using ot::OpKind;

// One committed op, as it is stored and as tools see it.
struct Entry {
  ot::DocId doc;
  ot::Version version;  // committed at: takes the document from version to version + 1
  OpKind kind = OpKind::noop;
  std::string type;  // create: the URI of the OT type; else empty
  ot::ClientId src;
  ot::Seq seq;
  std::int64_t time_ms = 0;  // server's clock, since the epoch; never decreases within a document
  std::string author;        // from the access token; "anonymous" without one
  std::string payload;       // JSON text as committed: an edit's op, a create's data; else empty
  std::string submitted;     // JSON text as submitted, where transforming changed it; else empty
  std::string reason;        // given by the author; may be empty

  bool operator==(const Entry&) const = default;
};

// The author while no access tokens are in use.
inline constexpr std::string_view anonymous = "anonymous";

struct Head {
  ot::Version version;       // number of ops; 0 for a document that was never created
  std::int64_t time_ms = 0;  // of the newest op

  bool operator==(const Head&) const = default;
};

// A stored snapshot: the data at `version`.
struct Checkpoint {
  ot::DocId doc;
  ot::Version version;
  std::string type;  // URI; empty where the document does not exist at that version
  std::string data;  // JSON text; empty where the document does not exist

  bool operator==(const Checkpoint&) const = default;
};

// Position of an op in the one order over all documents, from 1, dense.
struct FeedItem {
  std::uint64_t number = 0;
  ot::DocId doc;
  ot::Version version;

  bool operator==(const FeedItem&) const = default;
};

// What a log can store: the lengths, in bytes, that fit its keys and records.
inline constexpr std::size_t collection_bytes_max = 128;
inline constexpr std::size_t id_bytes_max = 255;
inline constexpr std::size_t src_bytes_max = 128;
inline constexpr std::size_t type_bytes_max = 255;
inline constexpr std::size_t author_bytes_max = 1024;
inline constexpr std::size_t content_bytes_max = std::size_t{64}
                                                 << 20;  // payload, submitted, reason

// Whether both parts of the name are within those lengths, not empty and without NUL.
// Errors: op_badly_formed.
ot::Result<void> check_name(const ot::DocId& doc);
// Whether the log can hold the entry: its name as above, its src not empty, all within the lengths.
// Errors: op_badly_formed.
ot::Result<void> check_storable(const Entry& entry);

// Whether type and data are within those lengths. Errors: op_badly_formed.
ot::Result<void> check_storable(const Checkpoint& checkpoint);

// log_conflict: the document has no such version to store a snapshot of.
ot::Error no_version(const ot::DocId& doc, ot::Version version);

// About what the entry takes, in memory and on disk; the measure of every limit in bytes.
std::size_t entry_bytes(const Entry& entry);

class OpLog {
 public:
  OpLog() = default;
  OpLog(const OpLog&) = delete;
  OpLog& operator=(const OpLog&) = delete;
  virtual ~OpLog() = default;

  // Appends all entries or none, in order, and returns when they are on disk. Entries of several
  // documents may be mixed; each must be at its document's head, counting the entries before it.
  // Errors, nothing was written: op_badly_formed (an entry is not storable, or its time is before
  // the head's), log_conflict (a version is not the head, or a (doc, src, seq) is already there),
  // too_large (the batch does not fit one transaction), log_full (may be tried again), log_corrupt
  // (a document's newest op cannot be trusted). Error, what is on disk is unknown until the log is
  // opened anew: log_io; every later append fails with it too, and so do reads if it is the state
  // to read that is in doubt. Without entries: whether it could.
  virtual ot::Result<void> append(std::span<const Entry> entries) = 0;

  virtual ot::Result<Head> head(const ot::DocId& doc) const = 0;

  // Ops of [from, to), up to and with the one that reaches `bytes_max`, so at least one where there
  // is one. A range beyond the head is cut short. Errors of all reads: log_corrupt, log_io.
  virtual ot::Result<std::vector<Entry>> read(const ot::DocId& doc, ot::Version from,
                                              ot::Version to, std::size_t bytes_max) const = 0;

  // Where (src, seq) was committed to the document.
  virtual ot::Result<std::optional<ot::Version>> find(const ot::DocId& doc, const ot::ClientId& src,
                                                      ot::Seq seq) const = 0;
  // The highest seq of src that was committed to the document.
  virtual ot::Result<std::optional<ot::Seq>> last_seq(const ot::DocId& doc,
                                                      const ot::ClientId& src) const = 0;

  // Who first committed an op with this src, to any document, other than `anonymous`.
  virtual ot::Result<std::optional<std::string>> src_author(const ot::ClientId& src) const = 0;

  // The number of ops with time_ms <= `time_ms`: the version of the document at that time.
  virtual ot::Result<ot::Version> version_at(const ot::DocId& doc, std::int64_t time_ms) const = 0;

  // Stores a snapshot, in place of one at the same version. Errors: log_conflict (its version is 0
  // or beyond the head), op_badly_formed (type or data too long), and those of append().
  virtual ot::Result<void> save_checkpoint(const Checkpoint& checkpoint) = 0;
  // The newest checkpoint at or before `version`.
  virtual ot::Result<std::optional<Checkpoint>> checkpoint(const ot::DocId& doc,
                                                           ot::Version version) const = 0;

  // Documents that ever had an op, ordered by (collection, id), those after `after`.
  virtual ot::Result<std::vector<ot::DocId>> documents(const std::optional<ot::DocId>& after,
                                                       std::size_t limit) const = 0;

  // Items with number > `after`, in order.
  virtual ot::Result<std::vector<FeedItem>> feed(std::uint64_t after, std::size_t limit) const = 0;
  // The number of the newest item; 0 without any.
  virtual ot::Result<std::uint64_t> feed_end() const = 0;
};

}  // namespace segue::oplog
