// One directory, several openings: who may, what they see, what is there afterwards.
#include <fstream>
#include <string>

#include <doctest/doctest.h>

#include "oplog/lmdb_log.h"
#include "oplog/verify.h"
#include "tests/support/child.h"
#include "tests/support/entries.h"
#include "tests/support/stored_log.h"

using namespace segue;
using namespace segue::test;
using oplog::LmdbLog;
using oplog::LmdbMode;

namespace {

constexpr std::size_t no_limit = std::size_t{1} << 40;

oplog::LmdbLog::Options reader() {
  auto options = small_map();
  options.mode = LmdbMode::reader;
  return options;
}

ot::Error error_of_open(const std::string& directory, const LmdbLog::Options& options) {
  const auto opened = LmdbLog::open(directory, options);
  REQUIRE_FALSE(opened.has_value());
  return opened.error();
}

// A process that writes to the directory: opens it, appends one op, meets, and so on.
void write_one_by_one(const std::string& directory, const Child::Meeting& meeting) {
  const auto log = LmdbLog::open(directory, small_map());
  for (std::uint64_t version = 0; log && version < 10; ++version) {
    if ((*log)->append(edits(notes, version, version + 1))) {
      meeting.wait();
    }
  }
}

}  // namespace

TEST_CASE("directory: everything survives a restart, and new ops chain to the old") {
  StoredLog stored;
  REQUIRE(stored.log().append(edits(notes, 0, 5)).has_value());
  REQUIRE(stored.log().save_checkpoint({notes, {4}, "json0", "[]"}).has_value());
  stored.reopen();
  CHECK(stored.log().read(notes, {0}, {9}, no_limit).value() == edits(notes, 0, 5));
  CHECK(stored.log().checkpoint(notes, {9}).value()->data == "[]");
  CHECK(stored.log().find(notes, {"alice"}, {3}).value() == ot::Version{2});
  auto again = edits(notes, 5, 6);
  again[0].seq = ot::Seq{3};
  CHECK(stored.log().append(again).error().code == ot::Errc::log_conflict);
  REQUIRE(stored.log().append(edits(plans, 0, 2)).has_value());
  REQUIRE(stored.log().append(edits(notes, 5, 8)).has_value());
  CHECK(stored.log().feed(0, 100).value().size() == 10);
  const auto report = oplog::verify(stored.log());
  CHECK(report.ok());
  CHECK(report.ops == 10);
}

TEST_CASE("directory: a writer creates it, with what is above it") {
  const TempDir temp;
  CHECK(LmdbLog::open(temp.str("a/b/c"), small_map()).has_value());
  CHECK(LmdbLog::open(temp.str("a/b/c"), reader()).has_value());
}

TEST_CASE("directory: one that cannot be made is an error that names it") {
  const TempDir temp;
  std::ofstream(temp.str("file")) << "in the way";
  const auto error = error_of_open(temp.str("file/log"), small_map());
  CHECK(error.code == ot::Errc::log_io);
  CHECK(error.detail.find(temp.str("file/log")) != std::string::npos);
}

TEST_CASE("directory: an emptied file is damage, and no new log is begun in it") {
  const TempDir temp;
  REQUIRE(LmdbLog::open(temp.str("log"), small_map()).has_value());
  std::filesystem::resize_file(temp.str("log/data.mdb"), 0);
  CHECK(error_of_open(temp.str("log"), small_map()).code == ot::Errc::log_corrupt);
  CHECK(error_of_open(temp.str("log"), reader()).code == ot::Errc::log_corrupt);
  CHECK(std::filesystem::is_empty(temp.str("log/data.mdb")));
}

TEST_CASE("directory: a reader finds no log where there is none, and makes none") {
  const TempDir temp;
  CHECK(error_of_open(temp.str("none"), reader()).code == ot::Errc::log_not_found);
  CHECK(error_of_open(temp.str(), reader()).code == ot::Errc::log_not_found);
  CHECK(std::filesystem::is_empty(temp.path()));
}

TEST_CASE("directory: a second writer is refused and told the process id of the first") {
  const TempDir temp;
  const Child first([&](const auto& meeting) { write_one_by_one(temp.str("log"), meeting); });
  REQUIRE(first.meet());
  const auto error = error_of_open(temp.str("log"), small_map());
  CHECK(error.code == ot::Errc::log_locked);
  CHECK(error.detail.find("process " + first.pid()) != std::string::npos);
}

TEST_CASE("directory: when the writer was killed, the next one finds all that it appended") {
  const TempDir temp;
  Child first([&](const auto& meeting) { write_one_by_one(temp.str("log"), meeting); });
  REQUIRE(first.meet());
  first.go_on();
  REQUIRE(first.meet());
  first.kill();
  const auto log = LmdbLog::open(temp.str("log"), small_map());
  REQUIRE(log.has_value());
  CHECK((*log)->read(notes, {0}, {9}, no_limit).value() == edits(notes, 0, 2));
  CHECK((*log)->append(edits(notes, 2, 3)).has_value());
  CHECK(oplog::verify(**log).ok());
}

TEST_CASE("directory: a reader works beside the writer of another process and sees its commits") {
  const TempDir temp;
  const Child writer([&](const auto& meeting) { write_one_by_one(temp.str("log"), meeting); });
  REQUIRE(writer.meet());
  const auto log = LmdbLog::open(temp.str("log"), reader());
  REQUIRE(log.has_value());
  CHECK((*log)->head(notes).value().version == ot::Version{1});
  writer.go_on();
  REQUIRE(writer.meet());
  CHECK((*log)->head(notes).value().version == ot::Version{2});
  CHECK(oplog::verify(**log).ops == 2);
}

TEST_CASE("directory: opening it twice in one process is refused") {
  const StoredLog stored;
  CHECK(error_of_open(stored.directory(), reader()).code == ot::Errc::log_locked);
  CHECK(error_of_open(stored.directory() + "/.", reader()).code == ot::Errc::log_locked);
  CHECK(error_of_open(stored.directory(), small_map()).code == ot::Errc::log_locked);
}

TEST_CASE("directory: a log of a newer format is refused") {
  StoredLog stored;
  stored.close();
  {
    auto store = oplog::LmdbStore::open(stored.directory(), LmdbMode::writer, 1 << 20).value();
    auto txn = store->begin_write().value();
    REQUIRE(txn.put(store->meta, "format", std::string("\0\0\0\2", 4)).has_value());
    REQUIRE(txn.commit().has_value());
  }
  CHECK(error_of_open(stored.directory(), small_map()).code == ot::Errc::unsupported);
  CHECK(error_of_open(stored.directory(), reader()).code == ot::Errc::unsupported);
}
