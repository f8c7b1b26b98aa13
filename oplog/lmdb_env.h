// LMDB behind RAII and Result: environment, transaction, cursor. Only this adapter and the
// lmdb_*.cc files know LMDB; what they hand out is strings and string_views.
//
// Threads: an environment is shared; a transaction and its cursors belong to one thread at a time.
// A view returned by a transaction or cursor is valid until the transaction ends, and in a write
// transaction until the next write.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <lmdb.h>

#include "ot/result.h"

namespace segue::oplog {

enum class LmdbMode : std::uint8_t { writer, reader };

// What LMDB or the system reported, as one of the log's errors.
ot::Error lmdb_error(int code, std::string_view during);

class LmdbEnv {
 public:
  // Opens the environment in an existing directory. The map is as large as it will ever be:
  // `map_bytes`, or less where the process has less address space left.
  // Errors: log_locked (this process has the directory open already), log_not_found (a reader, and
  // there is nothing), log_corrupt, log_io.
  static ot::Result<std::unique_ptr<LmdbEnv>> open(const std::string& directory, LmdbMode mode,
                                                   std::size_t map_bytes);

  MDB_env* get() const { return env_.get(); }

  // Frees the slots of readers whose process has died; a forgotten one makes the file grow.
  void clear_stale_readers() const;

 private:
  // LMDB does not notice a second environment on one directory in one process, which breaks its
  // locks; so each directory is claimed here first.
  class Claim {
   public:
    static ot::Result<std::unique_ptr<Claim>> make(const std::string& directory);
    Claim(const Claim&) = delete;
    Claim& operator=(const Claim&) = delete;
    ~Claim();

   private:
    using Inode = std::pair<std::uint64_t, std::uint64_t>;
    explicit Claim(Inode inode) : inode_(std::move(inode)) {}
    Inode inode_;
  };
  struct Close {
    void operator()(MDB_env* env) const { mdb_env_close(env); }
  };

  LmdbEnv() = default;
  // Replaces env_. Returns LMDB's code.
  int open_once(const std::string& directory, LmdbMode mode, std::size_t map_bytes);

  std::unique_ptr<Claim> claim_;  // given back after the environment is closed
  std::unique_ptr<MDB_env, Close> env_;
};

struct LmdbItem {
  std::string_view key;
  std::string_view value;
};

// Aborts when it goes out of scope uncommitted.
class LmdbTxn {
 public:
  static ot::Result<LmdbTxn> begin(const LmdbEnv& env, LmdbMode mode);

  // Opens, and for a writer creates, a named database. Its handle stays valid after commit().
  ot::Result<MDB_dbi> open_database(const char* name) const;

  ot::Result<std::optional<std::string_view>> get(MDB_dbi database, std::string_view key) const;
  // The number of items.
  ot::Result<std::uint64_t> count(MDB_dbi database) const;

  ot::Result<void> put(MDB_dbi database, std::string_view key, std::string_view value);
  // False, and nothing is written, if the key is there already.
  ot::Result<bool> insert(MDB_dbi database, std::string_view key, std::string_view value);
  // As put(), quicker. Errors: log_corrupt, the key is not above all others.
  ot::Result<void> append(MDB_dbi database, std::string_view key, std::string_view value);

  // Returns when it is on disk. Afterwards the transaction has ended, whatever is returned.
  ot::Result<void> commit();

  MDB_txn* get() const { return txn_.get(); }

 private:
  struct Abort {
    void operator()(MDB_txn* txn) const { mdb_txn_abort(txn); }
  };
  LmdbTxn(MDB_txn* txn, LmdbMode mode) : txn_(txn), mode_(mode) {}
  int put_with(MDB_dbi database, std::string_view key, std::string_view value, unsigned flags);

  std::unique_ptr<MDB_txn, Abort> txn_;
  LmdbMode mode_;
};

// Walks one database in the order of keys. REQUIRES: the transaction outlives it.
class LmdbCursor {
 public:
  static ot::Result<LmdbCursor> open(const LmdbTxn& txn, MDB_dbi database);

  using Found = ot::Result<std::optional<LmdbItem>>;
  Found first() { return move(MDB_FIRST); }
  Found last() { return move(MDB_LAST); }
  Found next() { return move(MDB_NEXT); }
  Found at_least(std::string_view key);  // the first item at or after the key
  Found at_most(std::string_view key);   // the last item at or before the key

 private:
  struct Close {
    void operator()(MDB_cursor* cursor) const { mdb_cursor_close(cursor); }
  };
  explicit LmdbCursor(MDB_cursor* cursor) : cursor_(cursor) {}
  Found move(MDB_cursor_op where, std::string_view key = {});

  std::unique_ptr<MDB_cursor, Close> cursor_;
};

}  // namespace segue::oplog
