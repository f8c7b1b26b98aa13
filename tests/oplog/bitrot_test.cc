// What is on disk changes behind the log's back: it is never served, and verify names it.
#include <fstream>
#include <sstream>
#include <string>

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include "oplog/verify.h"
#include "tests/support/entries.h"
#include "tests/support/every_read.h"
#include "tests/support/stored_log.h"

using namespace segue;
using namespace segue::test;

namespace {

const ot::DocId third{"plans", "p3"};

// A log of three documents, all databases in use.
class SmallLog {
 public:
  SmallLog() {
    auto first = edits(notes, 0, 3);
    first[1].submitted = "[]";
    first[2].reason = "because";
    const bool filled =
        log().append(first).has_value() &&
        log()
            .append(std::vector{edit(plans, 0, "bob"), edit(notes, 3), edit(plans, 1)})
            .has_value() &&
        log().append(edits(third, 0, 1)).has_value() &&
        log().save_checkpoint({notes, {2}, "json0", "[1,2]"}).has_value() &&
        log().save_checkpoint({notes, {4}, "json0", "[1,2,3,4]"}).has_value();
    REQUIRE(filled);
    file_ = ::open((stored_.directory() + "/data.mdb").c_str(), O_RDWR | O_CLOEXEC);
    REQUIRE(file_ >= 0);
  }
  SmallLog(const SmallLog&) = delete;
  SmallLog& operator=(const SmallLog&) = delete;
  ~SmallLog() { ::close(file_); }

  oplog::LmdbLog& log() { return stored_.log(); }
  const oplog::LmdbStore& store() { return log().store(); }

  std::vector<std::string> every_read() {
    return EveryRead(log(), {notes, plans, third}, {{"alice"}, {"bob"}}).answers();
  }

  // Flips one bit of the byte in the file that LMDB shows at this address. The map is shared, so
  // the log sees it at once.
  void flip(const char* byte) const {
    const off_t at = offset_of(byte);
    char value = 0;
    REQUIRE(::pread(file_, &value, 1, at) == 1);
    REQUIRE(value == *byte);
    value = static_cast<char>(value ^ (1 << at % 8));
    REQUIRE(::pwrite(file_, &value, 1, at) == 1);
  }

  // Calls `visit` with each item of the database, in a read transaction.
  template <class Visit>
  void for_each(MDB_dbi database, Visit visit) {
    const auto txn = store().begin_read().value();
    auto cursor = oplog::LmdbCursor::open(txn, database).value();
    for (auto item = cursor.first().value(); item; item = cursor.next().value()) {
      visit(*item);
    }
  }

 private:
  // Where the mapping of the file starts, as the kernel says.
  static off_t offset_of(const char* address) {
    std::ifstream maps("/proc/self/maps");
    const auto wanted = reinterpret_cast<std::uintptr_t>(address);
    for (std::string line; std::getline(maps, line);) {
      std::istringstream fields(line);
      std::uintptr_t begin = 0;
      std::uintptr_t end = 0;
      off_t offset = 0;
      char dash = 0;
      std::string access;
      fields >> std::hex >> begin >> dash >> end >> access >> offset;
      if (begin <= wanted && wanted < end) {
        return offset + static_cast<off_t>(wanted - begin);
      }
    }
    FAIL("not mapped");
    return 0;
  }

  StoredLog stored_;
  int file_ = -1;
};

const char* const database_names[] = {"names", "docs", "ops", "dedupe", "feed", "checkpoints"};

MDB_dbi database(const oplog::LmdbStore& store, std::string_view name) {
  const MDB_dbi all[] = {store.names,  store.docs, store.ops,
                         store.dedupe, store.feed, store.checkpoints};
  for (std::size_t i = 0; i < std::size(all); ++i) {
    if (database_names[i] == name) {
      return all[i];
    }
  }
  FAIL("no such database");
  return 0;
}

// The fault verify finds after one byte of the op's record was flipped.
std::string fault_of_record(SmallLog& small, std::uint64_t number, std::uint64_t version) {
  const auto txn = small.store().begin_read().value();
  const auto record = txn.get(small.store().ops, oplog::version_key(number, {version})).value();
  small.flip(record->data() + record->size() / 2);
  return oplog::verify(small.log()).fault.value().detail;
}

}  // namespace

TEST_CASE("bit rot: an intact log verifies") {
  SmallLog small;
  const auto report = oplog::verify(small.log());
  CHECK(report.ok());
  CHECK(report.documents == 3);
  CHECK(report.ops == 7);
  CHECK(report.checkpoints == 2);
}

TEST_CASE("bit rot: with any byte of any value flipped, no read is wrong and verify sees it") {
  SmallLog small;
  const auto intact = small.every_read();
  for (const char* name : database_names) {
    small.for_each(database(small.store(), name), [&](const oplog::LmdbItem& item) {
      for (std::size_t i = 0; i < item.value.size(); ++i) {
        CAPTURE(name);
        CAPTURE(i);
        small.flip(item.value.data() + i);
        const auto rotten = small.every_read();
        CHECK_FALSE(oplog::verify(small.log()).ok());
        bool right = true;
        for (std::size_t answer = 0; answer < intact.size(); ++answer) {
          right =
              right && (rotten[answer] == intact[answer] || rotten[answer] == "ERR_LOG_CORRUPT");
        }
        CHECK(right);
        small.flip(item.value.data() + i);
      }
    });
  }
  CHECK(small.every_read() == intact);
}

TEST_CASE("bit rot: with any byte of any key flipped, verify sees it") {
  SmallLog small;
  for (const char* name : database_names) {
    small.for_each(database(small.store(), name), [&](const oplog::LmdbItem& item) {
      for (std::size_t i = 0; i < item.key.size(); ++i) {
        CAPTURE(name);
        CAPTURE(i);
        small.flip(item.key.data() + i);
        CHECK_FALSE(oplog::verify(small.log()).ok());
        small.flip(item.key.data() + i);
      }
    });
  }
  CHECK(oplog::verify(small.log()).ok());
}

TEST_CASE("bit rot: read and verify name the record") {
  SmallLog small;
  CHECK(fault_of_record(small, 1, 2).starts_with("notes/n1@2: "));
  const auto read = small.log().read(notes, {0}, {10}, 1 << 20);
  REQUIRE_FALSE(read.has_value());
  CHECK(read.error().detail.starts_with("notes/n1@2: "));
  CHECK(small.log().read(notes, {0}, {2}, 1 << 20).has_value());
  CHECK(small.log().read(plans, {0}, {2}, 1 << 20).has_value());
}

TEST_CASE("bit rot: nothing is appended to a document whose newest op cannot be trusted") {
  StoredLog stored;
  REQUIRE(stored.log().append(edits(notes, 0, 2)).has_value());
  stored.close();
  {
    auto store =
        oplog::LmdbStore::open(stored.directory(), oplog::LmdbMode::writer, 1 << 20).value();
    auto txn = store->begin_write().value();
    REQUIRE(txn.put(store->ops, oplog::version_key(1, {1}), "rubbish").has_value());
    REQUIRE(txn.commit().has_value());
  }
  stored.open();
  CHECK(stored.log().append(edits(notes, 2, 3)).error().code == ot::Errc::log_corrupt);
  CHECK(stored.log().append(edits(plans, 0, 1)).has_value());
}
