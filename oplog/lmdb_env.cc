#include "oplog/lmdb_env.h"

#include <array>
#include <cerrno>
#include <mutex>
#include <set>
#include <system_error>

#include <sys/stat.h>

#include "ot/assert.h"
#include "ot/planted_bug.h"

namespace segue::oplog {
namespace {

using ot::Errc;
using ot::Result;

constexpr unsigned readers_max = 512;
constexpr unsigned databases_max = 16;
constexpr mdb_mode_t file_mode = 0600;
constexpr std::size_t map_bytes_min = std::size_t{16} << 30;

MDB_val to_val(std::string_view bytes) {
  return {bytes.size(), const_cast<char*>(bytes.data())};  // LMDB does not write to it.
}

std::string_view to_view(const MDB_val& val) {
  return {static_cast<const char*>(val.mv_data), val.mv_size};
}

Errc code_of(int code) {
  switch (code) {
    case MDB_MAP_FULL:
    case ENOSPC:
    case EDQUOT:
      return Errc::log_full;
    case MDB_TXN_FULL:
      return Errc::too_large;
    case ENOENT:
      return Errc::log_not_found;
    case MDB_NOTFOUND:
    case MDB_KEYEXIST:
    case MDB_PAGE_NOTFOUND:
    case MDB_CORRUPTED:
    case MDB_VERSION_MISMATCH:
    case MDB_INVALID:
    case MDB_INCOMPATIBLE:
      return Errc::log_corrupt;
    default:
      return Errc::log_io;
  }
}

}  // namespace

ot::Error lmdb_error(int code, std::string_view during) {
  const std::string reason =
      code > 0 ? std::generic_category().message(code) : std::string(mdb_strerror(code));
  return {code_of(code), std::string(during) + ": " + reason};
}

namespace {

struct OpenDirectories {
  std::mutex mutex;
  std::set<std::pair<std::uint64_t, std::uint64_t>> inodes;
};

OpenDirectories& open_directories() {
  static OpenDirectories instance;
  return instance;
}

}  // namespace

Result<std::unique_ptr<LmdbEnv::Claim>> LmdbEnv::Claim::make(const std::string& directory) {
  struct stat status {};
  if (::stat(directory.c_str(), &status) != 0) {
    return ot::fail(lmdb_error(errno, "cannot open " + directory));
  }
  const Inode inode{status.st_dev, status.st_ino};
  OpenDirectories& open = open_directories();
  const std::lock_guard lock(open.mutex);
  if (!open.inodes.insert(inode).second) {
    return ot::fail(Errc::log_locked, directory + " is already open in this process");
  }
  return std::unique_ptr<Claim>(new Claim(inode));
}

LmdbEnv::Claim::~Claim() {
  OpenDirectories& open = open_directories();
  const std::lock_guard lock(open.mutex);
  open.inodes.erase(inode_);
}

Result<std::unique_ptr<LmdbEnv>> LmdbEnv::open(const std::string& directory, LmdbMode mode,
                                               std::size_t map_bytes) {
  auto claim = Claim::make(directory);
  if (!claim) {
    return ot::fail(claim.error());
  }
  std::unique_ptr<LmdbEnv> result(new LmdbEnv);
  result->claim_ = std::move(*claim);
  // Where the address space is short, a smaller map has to do: a sanitizer or a limit on the
  // process may leave less than is asked for.
  int code = result->open_once(directory, mode, map_bytes);
  while (code == ENOMEM && map_bytes > map_bytes_min) {
    map_bytes /= 2;
    code = result->open_once(directory, mode, map_bytes);
  }
  if (code == 0 && mode == LmdbMode::writer) {
    // After an I/O error the last process may have left its newest pages unsynced. Built upon as
    // they are, they would mix with what the disk still has in their place.
    code = mdb_env_sync(result->get(), 1);
  }
  if (code != 0) {
    return ot::fail(lmdb_error(code, "cannot open " + directory));
  }
  result->clear_stale_readers();
  return result;
}

int LmdbEnv::open_once(const std::string& directory, LmdbMode mode, std::size_t map_bytes) {
  MDB_env* env = nullptr;
  if (const int code = mdb_env_create(&env); code != 0) {
    return code;
  }
  env_.reset(env);
  // NOTLS: a read transaction may end on another thread than it began on. NORDAHEAD: reads are
  // scattered over a file that may be larger than memory. Never NOSYNC, NOMETASYNC, WRITEMAP or
  // MAPASYNC: with them a power cut corrupts rather than loses.
  const unsigned flags = MDB_NOTLS | MDB_NORDAHEAD |
                         (mode == LmdbMode::reader ? unsigned{MDB_RDONLY} : 0U) |
                         (ot::planted(ot::Bug::no_meta_sync) ? unsigned{MDB_NOMETASYNC} : 0U);
  int code = mdb_env_set_mapsize(env, map_bytes);
  code = code != 0 ? code : mdb_env_set_maxdbs(env, databases_max);
  code = code != 0 ? code : mdb_env_set_maxreaders(env, readers_max);
  return code != 0 ? code : mdb_env_open(env, directory.c_str(), flags, file_mode);
}

void LmdbEnv::clear_stale_readers() const {
  int cleared = 0;
  mdb_reader_check(env_.get(), &cleared);
}

Result<LmdbTxn> LmdbTxn::begin(const LmdbEnv& env, LmdbMode mode) {
  const unsigned flags = mode == LmdbMode::reader ? unsigned{MDB_RDONLY} : 0U;
  MDB_txn* txn = nullptr;
  int code = mdb_txn_begin(env.get(), nullptr, flags, &txn);
  if (code == MDB_READERS_FULL) {
    env.clear_stale_readers();
    code = mdb_txn_begin(env.get(), nullptr, flags, &txn);
  }
  if (code != 0) {
    return ot::fail(lmdb_error(code, "cannot begin a transaction"));
  }
  return LmdbTxn(txn, mode);
}

Result<MDB_dbi> LmdbTxn::open_database(const char* name) const {
  const unsigned flags = mode_ == LmdbMode::writer ? unsigned{MDB_CREATE} : 0U;
  MDB_dbi database = 0;
  if (const int code = mdb_dbi_open(txn_.get(), name, flags, &database); code != 0) {
    return ot::fail(lmdb_error(code, std::string("cannot open the database ") + name));
  }
  return database;
}

Result<std::optional<std::string_view>> LmdbTxn::get(MDB_dbi database, std::string_view key) const {
  MDB_val key_val = to_val(key);
  MDB_val value{};
  const int code = mdb_get(txn_.get(), database, &key_val, &value);
  if (code == MDB_NOTFOUND) {
    return std::nullopt;
  }
  if (code != 0) {
    return ot::fail(lmdb_error(code, "cannot read"));
  }
  return to_view(value);
}

Result<std::uint64_t> LmdbTxn::count(MDB_dbi database) const {
  MDB_stat stat{};
  if (const int code = mdb_stat(txn_.get(), database, &stat); code != 0) {
    return ot::fail(lmdb_error(code, "cannot count"));
  }
  return stat.ms_entries;
}

int LmdbTxn::put_with(MDB_dbi database, std::string_view key, std::string_view value,
                      unsigned flags) {
  MDB_val key_val = to_val(key);
  MDB_val value_val = to_val(value);
  return mdb_put(txn_.get(), database, &key_val, &value_val, flags);
}

Result<void> LmdbTxn::put(MDB_dbi database, std::string_view key, std::string_view value) {
  if (const int code = put_with(database, key, value, 0); code != 0) {
    return ot::fail(lmdb_error(code, "cannot write"));
  }
  return {};
}

Result<bool> LmdbTxn::insert(MDB_dbi database, std::string_view key, std::string_view value) {
  const int code = put_with(database, key, value, MDB_NOOVERWRITE);
  if (code != 0 && code != MDB_KEYEXIST) {
    return ot::fail(lmdb_error(code, "cannot write"));
  }
  return code == 0;
}

Result<void> LmdbTxn::append(MDB_dbi database, std::string_view key, std::string_view value) {
  if (const int code = put_with(database, key, value, MDB_APPEND); code != 0) {
    return ot::fail(lmdb_error(code, "cannot write"));
  }
  return {};
}

Result<void> LmdbTxn::commit() {
  OT_ASSERT(txn_ != nullptr);
  if (const int code = mdb_txn_commit(txn_.release()); code != 0) {
    return ot::fail(lmdb_error(code, "cannot commit"));
  }
  return {};
}

Result<LmdbCursor> LmdbCursor::open(const LmdbTxn& txn, MDB_dbi database) {
  MDB_cursor* cursor = nullptr;
  if (const int code = mdb_cursor_open(txn.get(), database, &cursor); code != 0) {
    return ot::fail(lmdb_error(code, "cannot read"));
  }
  return LmdbCursor(cursor);
}

LmdbCursor::Found LmdbCursor::move(MDB_cursor_op where, std::string_view key) {
  MDB_val key_val = to_val(key);
  MDB_val value{};
  const int code = mdb_cursor_get(cursor_.get(), &key_val, &value, where);
  if (code == MDB_NOTFOUND) {
    return std::nullopt;
  }
  if (code != 0) {
    return ot::fail(lmdb_error(code, "cannot read"));
  }
  return LmdbItem{to_view(key_val), to_view(value)};
}

LmdbCursor::Found LmdbCursor::at_least(std::string_view key) { return move(MDB_SET_RANGE, key); }

LmdbCursor::Found LmdbCursor::at_most(std::string_view key) {
  auto found = at_least(key);
  if (!found || (*found && (*found)->key == key)) {
    return found;
  }
  return move(*found ? MDB_PREV : MDB_LAST);
}

}  // namespace segue::oplog
