#include "oplog/lmdb_stat.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include <sys/stat.h>

#include "oplog/lmdb_view.h"
#include "ot/assert.h"

namespace segue::oplog {
namespace {

using ot::Result;

constexpr MDB_dbi free_list = 0;  // LMDB's own database of pages that no reader needs any more.

Result<LogStat::Database> stat_of(const LmdbTxn& txn, const char* name, MDB_dbi database) {
  MDB_stat stat{};
  if (const int code = mdb_stat(txn.get(), database, &stat); code != 0) {
    return ot::fail(lmdb_error(code, std::string("cannot look at the database ") + name));
  }
  const std::uint64_t pages = stat.ms_branch_pages + stat.ms_leaf_pages + stat.ms_overflow_pages;
  return LogStat::Database{name, stat.ms_entries, pages * stat.ms_psize};
}

// An item of the free list is a number of pages and so many page numbers.
Result<std::uint64_t> reusable_pages(const LmdbTxn& txn) {
  auto cursor = LmdbCursor::open(txn, free_list);
  if (!cursor) {
    return ot::fail(cursor.error());
  }
  std::uint64_t pages = 0;
  auto item = cursor->first();
  for (; item && *item; item = cursor->next()) {
    std::size_t count = 0;
    if ((*item)->value.size() < sizeof count) {
      return ot::fail(ot::Errc::log_corrupt, "the list of free pages is not well-formed");
    }
    std::memcpy(&count, (*item)->value.data(), sizeof count);
    pages += count;
  }
  return item ? Result<std::uint64_t>(pages) : ot::fail(item.error());
}

Result<void> add_sizes(const LmdbStore& store, const LmdbTxn& txn, LogStat& result) {
  struct Named {
    const char* name;
    MDB_dbi database;
  };
  for (const auto& [name, database] :
       {Named{"meta", store.meta}, Named{"names", store.names}, Named{"docs", store.docs},
        Named{"ops", store.ops}, Named{"dedupe", store.dedupe}, Named{"feed", store.feed},
        Named{"checkpoints", store.checkpoints}}) {
    auto stat = stat_of(txn, name, database);
    if (!stat) {
      return ot::fail(stat.error());
    }
    result.databases.push_back(std::move(*stat));
  }
  if (store.srcs) {
    auto stat = stat_of(txn, "srcs", *store.srcs);
    if (!stat) {
      return ot::fail(stat.error());
    }
    result.databases.push_back(std::move(*stat));
  }
  const auto pages = reusable_pages(txn);
  const auto disk_free = store.free_bytes();
  if (!pages || !disk_free) {
    return ot::fail(pages ? disk_free.error() : pages.error());
  }
  MDB_stat main{};
  MDB_envinfo environment{};
  mdb_env_stat(mdb_txn_env(txn.get()), &main);
  mdb_env_info(mdb_txn_env(txn.get()), &environment);
  result.reusable_bytes = *pages * main.ms_psize;
  result.map_bytes = environment.me_mapsize;
  result.disk_free_bytes = *disk_free;
  struct stat file {};
  if (::stat((store.directory() + "/data.mdb").c_str(), &file) != 0) {
    return ot::fail(lmdb_error(errno, "cannot look at " + store.directory() + "/data.mdb"));
  }
  result.file_bytes = static_cast<std::uint64_t>(file.st_size);
  return {};
}

// The newest op, by the feed.
Result<void> add_newest(const LmdbStore& store, const LmdbTxn& txn, LogStat& result) {
  const LmdbView view(store, txn);
  const auto end = view.feed_end();
  if (!end) {
    return ot::fail(end.error());
  }
  result.running = end->running.value();
  if (end->number == 0) {
    return {};
  }
  const auto item = txn.get(store.feed, number_key(end->number));
  const auto record = item && *item ? decode_feed_record(**item) : std::nullopt;
  if (!record) {
    return ot::fail(ot::Errc::log_corrupt, "the newest item of the feed is not well-formed");
  }
  const auto document = view.document(record->number);
  const auto op = document ? view.op(document->place, record->version) : ot::fail(document.error());
  if (!op) {
    return ot::fail(op.error());
  }
  result.newest_time_ms = op->entry.time_ms;
  return {};
}

}  // namespace

std::uint64_t LogStat::items(std::string_view database) const {
  const auto found = std::ranges::find(databases, database, &Database::name);
  OT_ASSERT(found != databases.end());
  return found->items;
}

Result<LogStat> stat(const LmdbLog& log) {
  const LmdbStore& store = log.store();
  const auto txn = store.begin_read();
  if (!txn) {
    return ot::fail(txn.error());
  }
  LogStat result;
  result.format = log_format;  // Another one would not have been opened.
  result.writer = DirLock::holder(store.directory());
  if (auto added = add_sizes(store, *txn, result); !added) {
    return ot::fail(added.error());
  }
  if (auto added = add_newest(store, *txn, result); !added) {
    return ot::fail(added.error());
  }
  return result;
}

}  // namespace segue::oplog
