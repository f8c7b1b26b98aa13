// LmdbLog: the OpLog on disk, in one LMDB environment per data directory. What lies there is
// specified in spec/oplog_format.md.
//
// Threads: as OpLog says. Each read is one short read transaction, so it never holds up the writer
// nor makes the file grow. Everything read is checked; what does not hash is never returned.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "oplog/lmdb_writer.h"
#include "oplog/op_log.h"
#include "oplog/salts.h"

namespace segue::oplog {

class LmdbLog final : public OpLog {
 public:
  struct Options {
    // A writer creates the directory and holds its lock. A reader, for tools, takes no lock and
    // works beside the writer of another process; append() and save_checkpoint() are not for it.
    LmdbMode mode = LmdbMode::writer;
    // The most the log can ever hold while it is open. Address space only: it costs nothing.
    std::size_t map_bytes = std::size_t{1} << 40;
    // append() says log_full when the file system has less than this left, since LMDB cannot tell
    // a write cut short by a full disk from an I/O error.
    std::uint64_t free_bytes_min = std::uint64_t{64} << 20;
    SaltSource salts = random_salts();
  };

  // Errors: log_locked (by another writer, whose pid is named, or twice in this process),
  // log_not_found (a reader, and there is no log), log_io (not writable), log_corrupt, log_full,
  // unsupported (a newer format).
  static ot::Result<std::unique_ptr<LmdbLog>> open(const std::string& directory, Options options);

  ot::Result<void> append(std::span<const Entry> entries) override;
  ot::Result<Head> head(const ot::DocId& doc) const override;
  ot::Result<std::vector<Entry>> read(const ot::DocId& doc, ot::Version from, ot::Version to,
                                      std::size_t bytes_max) const override;
  ot::Result<std::optional<ot::Version>> find(const ot::DocId& doc, const ot::ClientId& src,
                                              ot::Seq seq) const override;
  ot::Result<std::optional<ot::Seq>> last_seq(const ot::DocId& doc,
                                              const ot::ClientId& src) const override;
  ot::Result<std::optional<std::string>> src_author(const ot::ClientId& src) const override;
  ot::Result<ot::Version> version_at(const ot::DocId& doc, std::int64_t time_ms) const override;
  ot::Result<void> save_checkpoint(const Checkpoint& checkpoint) override;
  ot::Result<std::optional<Checkpoint>> checkpoint(const ot::DocId& doc,
                                                   ot::Version version) const override;
  ot::Result<std::vector<ot::DocId>> documents(const std::optional<ot::DocId>& after,
                                               std::size_t limit) const override;
  ot::Result<std::vector<FeedItem>> feed(std::uint64_t after, std::size_t limit) const override;
  ot::Result<std::uint64_t> feed_end() const override;

  // For verify() and other tools that look beneath this interface.
  const LmdbStore& store() const { return *store_; }

 private:
  LmdbLog(std::unique_ptr<LmdbStore> store, Options options);
  // Checks what must hold before any write, and remembers an I/O error of it for ever.
  ot::Result<void> write(const std::function<ot::Result<void>()>& write);

  const std::unique_ptr<LmdbStore> store_;
  const LmdbMode mode_;
  const std::uint64_t free_bytes_min_;
  std::mutex write_mutex_;  // guards the two below
  LmdbWriter writer_;
  bool io_failed_ = false;
};

}  // namespace segue::oplog
