#include "oplog/lmdb_log.h"

#include "ot/assert.h"

namespace segue::oplog {
namespace {

using ot::DocId;
using ot::Errc;
using ot::Result;
using ot::Version;

// What `read` makes of the document in one read transaction; T{} where there is no such document.
template <class T, class Read>
Result<T> read_document(const LmdbStore& store, const DocId& doc, Read read) {
  const auto txn = store.begin_read();
  if (!txn) {
    return ot::fail(txn.error());
  }
  const LmdbView view(store, *txn);
  const auto document = view.find_document(doc);
  if (!document) {
    return ot::fail(document.error());
  }
  if (!*document) {
    return T{};
  }
  return read(view, **document);
}

}  // namespace

Result<std::unique_ptr<LmdbLog>> LmdbLog::open(const std::string& directory, Options options) {
  auto store = LmdbStore::open(directory, options.mode, options.map_bytes);
  if (!store) {
    return ot::fail(store.error());
  }
  return std::unique_ptr<LmdbLog>(new LmdbLog(std::move(*store), std::move(options)));
}

LmdbLog::LmdbLog(std::unique_ptr<LmdbStore> store, Options options)
    : store_(std::move(store)),
      mode_(options.mode),
      free_bytes_min_(options.free_bytes_min),
      writer_(*store_, std::move(options.salts)) {}

Result<void> LmdbLog::append(std::span<const Entry> entries) {
  return write([&] { return writer_.append(entries); });
}

Result<void> LmdbLog::save_checkpoint(const Checkpoint& checkpoint) {
  if (auto storable = check_storable(checkpoint); !storable) {
    return storable;
  }
  const auto place = read_document<std::optional<Place>>(
      *store_, checkpoint.doc,
      [](const LmdbView&, const Document& document) -> Result<std::optional<Place>> {
        return document.place;
      });
  if (!place) {
    return ot::fail(place.error());
  }
  if (!*place) {
    return write(
        [&] { return Result<void>(ot::fail(no_version(checkpoint.doc, checkpoint.version))); });
  }
  // Hashing it takes long: not while appends wait.
  const std::string bytes = encode_checkpoint(checkpoint, (*place)->number);
  return write([&] { return writer_.save_checkpoint(**place, checkpoint.version, bytes); });
}

Result<void> LmdbLog::write(const std::function<Result<void>()>& write) {
  OT_ASSERT(mode_ == LmdbMode::writer);
  const std::lock_guard lock(write_mutex_);
  if (io_failed_) {
    return ot::fail(Errc::log_io, "an earlier write failed; what is on disk is unknown until " +
                                      store_->directory() + " is opened anew");
  }
  const auto free_bytes = store_->free_bytes();
  if (!free_bytes) {
    return ot::fail(free_bytes.error());
  }
  if (*free_bytes < free_bytes_min_) {
    return ot::fail(Errc::log_full, "only " + std::to_string(*free_bytes >> 20) +
                                        " MiB are left for " + store_->directory());
  }
  auto written = write();
  if (!written && written.error().code == Errc::log_full && !store_->begin_write()) {
    // It was LMDB's meta page that found no room. LMDB gives up then, since it cannot tell which
    // state is on disk.
    written.error().code = Errc::log_io;
  }
  io_failed_ = !written && written.error().code == Errc::log_io;
  return written;
}

Result<Head> LmdbLog::head(const DocId& doc) const {
  return read_document<Head>(*store_, doc,
                             [](const LmdbView& view, const Document& document) -> Result<Head> {
                               const auto newest = view.newest_op(document.place);
                               if (!newest) {
                                 return ot::fail(newest.error());
                               }
                               return Head{newest->entry.version + 1, newest->entry.time_ms};
                             });
}

Result<std::vector<Entry>> LmdbLog::read(const DocId& doc, Version from, Version to,
                                         std::size_t bytes_max) const {
  using Entries = std::vector<Entry>;
  return read_document<Entries>(
      *store_, doc, [&](const LmdbView& view, const Document& document) -> Result<Entries> {
        return view.ops(document.place, from, to, bytes_max);
      });
}

Result<std::optional<Version>> LmdbLog::find(const DocId& doc, const ot::ClientId& src,
                                             ot::Seq seq) const {
  return read_document<std::optional<Version>>(*store_, doc,
                                               [&](const LmdbView& view, const Document& document) {
                                                 return view.find(document, src, seq);
                                               });
}

Result<std::optional<ot::Seq>> LmdbLog::last_seq(const DocId& doc, const ot::ClientId& src) const {
  return read_document<std::optional<ot::Seq>>(
      *store_, doc,
      [&](const LmdbView& view, const Document& document) { return view.last_seq(document, src); });
}

Result<std::optional<std::string>> LmdbLog::src_author(const ot::ClientId& src) const {
  const auto txn = store_->begin_read();
  if (!txn) {
    return ot::fail(txn.error());
  }
  return LmdbView(*store_, *txn).src_author(src);
}

Result<Version> LmdbLog::version_at(const DocId& doc, std::int64_t time_ms) const {
  return read_document<Version>(*store_, doc, [&](const LmdbView& view, const Document& document) {
    return view.version_at(document, time_ms);
  });
}

Result<std::optional<Checkpoint>> LmdbLog::checkpoint(const DocId& doc, Version version) const {
  return read_document<std::optional<Checkpoint>>(
      *store_, doc, [&](const LmdbView& view, const Document& document) {
        return view.checkpoint(document.place, version);
      });
}

Result<std::vector<DocId>> LmdbLog::documents(const std::optional<DocId>& after,
                                              std::size_t limit) const {
  const auto txn = store_->begin_read();
  if (!txn) {
    return ot::fail(txn.error());
  }
  return LmdbView(*store_, *txn).documents(after, limit);
}

Result<std::vector<FeedItem>> LmdbLog::feed(std::uint64_t after, std::size_t limit) const {
  const auto txn = store_->begin_read();
  if (!txn) {
    return ot::fail(txn.error());
  }
  return LmdbView(*store_, *txn).feed(after, limit);
}

Result<std::uint64_t> LmdbLog::feed_end() const {
  const auto txn = store_->begin_read();
  if (!txn) {
    return ot::fail(txn.error());
  }
  const auto end = LmdbView(*store_, *txn).feed_end();
  if (!end) {
    return ot::fail(end.error());
  }
  return end->number;
}

}  // namespace segue::oplog
