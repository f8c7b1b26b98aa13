#include "oplog/lmdb_store.h"

#include <cerrno>
#include <filesystem>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "oplog/bytes.h"
#include "oplog/layout.h"

namespace segue::oplog {
namespace {

using ot::Errc;
using ot::Result;

Result<void> fail_errno(const std::string& what) {
  return ot::fail(Errc::log_io, what + ": " + std::generic_category().message(errno));
}

// Without it a power cut may take the names of files whose contents were synced.
Result<void> sync_directory(const std::string& directory) {
  const int file = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) {
    return fail_errno("cannot open " + directory);
  }
  const int synced = ::fsync(file);
  Result<void> result;
  if (synced != 0) {
    result = fail_errno("cannot sync " + directory);
  }
  ::close(file);
  return result;
}

Result<void> create_directory(const std::string& directory) {
  namespace fs = std::filesystem;
  std::error_code error;
  if (fs::is_directory(directory, error)) {
    return {};
  }
  const fs::path parent = fs::absolute(fs::path(directory) / "..", error).lexically_normal();
  fs::create_directories(parent, error);
  if (::mkdir(directory.c_str(), 0700) != 0) {
    return fail_errno("cannot create " + directory);
  }
  return sync_directory(parent.string());
}

}  // namespace

Result<std::unique_ptr<LmdbStore>> LmdbStore::open(const std::string& directory, LmdbMode mode,
                                                   std::size_t map_bytes) {
  std::unique_ptr<LmdbStore> store(new LmdbStore(directory));
  if (mode == LmdbMode::writer) {
    if (auto created = create_directory(directory); !created) {
      return ot::fail(created.error());
    }
    auto lock = DirLock::take(directory);
    if (!lock) {
      return ot::fail(lock.error());
    }
    store->lock_ = std::move(*lock);
    if (auto created = create(directory, map_bytes); !created) {
      return ot::fail(created.error());
    }
  } else if (::access((directory + "/data.mdb").c_str(), F_OK) != 0) {
    return ot::fail(Errc::log_not_found, directory + " holds no log");
  }
  if (std::error_code error; std::filesystem::is_empty(directory + "/data.mdb", error)) {
    // LMDB would begin a new log in it; one that is made by create() never is so.
    return ot::fail(Errc::log_corrupt, directory + "/data.mdb has lost what it held");
  }
  auto env = LmdbEnv::open(directory, mode, map_bytes);
  if (!env) {
    return ot::fail(env.error());
  }
  store->env_ = std::move(*env);
  if (auto opened = store->open_databases(mode); !opened) {
    return ot::fail(opened.error());
  }
  if (mode == LmdbMode::writer) {
    if (auto synced = sync_directory(directory); !synced) {
      return ot::fail(synced.error());
    }
  }
  return store;
}

// LMDB does not open a file that lacks some of what it writes first, as a power cut or a full disk
// may leave it. So an empty log is made beside its place, and moved there when it is on disk.
Result<void> LmdbStore::create(const std::string& directory, std::size_t map_bytes) {
  namespace fs = std::filesystem;
  const fs::path file = fs::path(directory) / "data.mdb";
  const fs::path beside = fs::path(directory) / "data.mdb.new";
  std::error_code error;
  const auto failed = [&] {
    return ot::fail(Errc::log_io, "cannot create " + file.string() + ": " + error.message());
  };
  const bool exists = fs::exists(file, error);
  if (error) {
    return failed();
  }
  fs::remove_all(beside, error);  // What an earlier attempt left.
  if (exists) {
    return {};
  }
  fs::create_directory(beside, error);
  if (error) {
    return failed();
  }
  {
    LmdbStore store(beside.string());
    auto env = LmdbEnv::open(store.directory_, LmdbMode::writer, map_bytes);
    if (!env) {
      return ot::fail(env.error());
    }
    store.env_ = std::move(*env);
    if (auto opened = store.open_databases(LmdbMode::writer); !opened) {
      return opened;
    }
  }
  fs::rename(beside / "data.mdb", file, error);
  if (error) {
    return failed();
  }
  fs::remove_all(beside, error);
  return {};
}

Result<void> LmdbStore::open_databases(LmdbMode mode) {
  auto txn = LmdbTxn::begin(*env_, mode);
  if (!txn) {
    return ot::fail(txn.error());
  }
  struct Named {
    const char* name;
    MDB_dbi* handle;
  };
  for (const auto& [name, handle] :
       {Named{"meta", &meta}, Named{"names", &names}, Named{"docs", &docs}, Named{"ops", &ops},
        Named{"dedupe", &dedupe}, Named{"feed", &feed}, Named{"checkpoints", &checkpoints}}) {
    auto opened = txn->open_database(name);
    if (!opened && mode == LmdbMode::reader && handle == &meta) {
      return ot::fail(Errc::log_not_found, directory_ + " holds no log yet");
    }
    if (!opened) {
      return ot::fail(opened.error());
    }
    *handle = *opened;
  }
  if (auto opened = txn->open_database("srcs"); opened) {
    srcs = *opened;
  } else if (mode == LmdbMode::writer) {
    return ot::fail(opened.error());
  }
  if (auto checked = check_format(*txn, mode); !checked) {
    return checked;
  }
  return txn->commit();
}

Result<void> LmdbStore::check_format(LmdbTxn& txn, LmdbMode mode) const {
  constexpr std::string_view key = "format";
  auto stored = txn.get(meta, key);
  if (!stored) {
    return ot::fail(stored.error());
  }
  if (!*stored) {
    auto ops_stored = txn.count(ops);
    if (mode == LmdbMode::reader || !ops_stored || *ops_stored != 0) {
      return ot::fail(Errc::log_corrupt, directory_ + " does not say which format it has");
    }
    std::string value;
    put(value, log_format);
    return txn.put(meta, key, value);
  }
  ByteReader reader(**stored);
  const auto format = reader.number<std::uint32_t>();
  if (!reader.ok_and_done() || format != log_format) {
    return ot::fail(Errc::unsupported, directory_ + " has log format " + std::to_string(format) +
                                           ", which this version of segue does not know");
  }
  return {};
}

Result<std::uint64_t> LmdbStore::free_bytes() const {
  struct statvfs status {};
  if (::statvfs(directory_.c_str(), &status) != 0) {
    return ot::fail(Errc::log_io, "cannot stat " + directory_);
  }
  return std::uint64_t{status.f_bavail} * status.f_frsize;
}

}  // namespace segue::oplog
