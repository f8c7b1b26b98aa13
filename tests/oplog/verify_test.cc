// A log that was tampered with: every value is well-formed, yet something is not as it was.
#include "oplog/verify.h"

#include <map>
#include <string>

#include <doctest/doctest.h>

#include "tests/support/entries.h"
#include "tests/support/stored_log.h"

using namespace segue;
using namespace segue::test;
using oplog::LmdbStore;
using oplog::LmdbTxn;
using oplog::number_key;
using oplog::version_key;

namespace {

class Tampered {
 public:
  // Two commits: notes 0..2, then plans 0..1 and notes 3.
  Tampered() {
    REQUIRE(stored_.log().append(edits(notes, 0, 3)).has_value());
    const std::vector batch{edit(plans, 0), edit(plans, 1), edit(notes, 3)};
    REQUIRE(stored_.log().append(batch).has_value());
    REQUIRE(stored_.log().save_checkpoint({notes, {2}, "json0", "[]"}).has_value());
  }

  // What verify finds after `change` was made.
  template <class Change>
  std::string fault_after(Change change) {
    stored_.close();
    {
      auto store = LmdbStore::open(stored_.directory(), oplog::LmdbMode::writer, 1 << 24).value();
      auto txn = store->begin_write().value();
      change(*store, txn);
      REQUIRE(txn.commit().has_value());
    }
    stored_.open();
    const auto report = oplog::verify(stored_.log());
    REQUIRE_FALSE(report.ok());
    CHECK(report.fault->code == ot::Errc::log_corrupt);
    return report.fault->detail;
  }

 private:
  StoredLog stored_;
};

std::string value_at(const LmdbTxn& txn, MDB_dbi database, const std::string& key) {
  return std::string(txn.get(database, key).value().value());
}

void swap_values(LmdbTxn& txn, MDB_dbi database, const std::string& a, const std::string& b) {
  const std::string value = value_at(txn, database, a);
  REQUIRE(txn.put(database, a, value_at(txn, database, b)).has_value());
  REQUIRE(txn.put(database, b, value).has_value());
}

void drop(const LmdbTxn& txn, MDB_dbi database, std::string key) {
  MDB_val val{key.size(), key.data()};
  REQUIRE(mdb_del(txn.get(), database, &val, nullptr) == 0);
}

class Recorder final : public oplog::ReplayVisitor {
 public:
  ot::Result<void> on_document(const ot::DocId& doc) override {
    seen[doc];
    return {};
  }
  ot::Result<void> on_op(const oplog::Entry& entry) override {
    seen[entry.doc] += std::to_string(entry.version.value);
    return {};
  }
  ot::Result<void> on_checkpoint(const oplog::Checkpoint& checkpoint) override {
    seen[checkpoint.doc] += '=' + checkpoint.data + ' ';
    if (checkpoint.data == "wrong") {
      return ot::fail(oplog::corrupt(checkpoint.doc, checkpoint.version, "not the snapshot"));
    }
    return {};
  }
  std::map<ot::DocId, std::string> seen;
};

}  // namespace

TEST_CASE("verify: an empty log is whole") {
  StoredLog stored;
  const auto report = oplog::verify(stored.log());
  CHECK(report.ok());
  CHECK(report.ops == 0);
}

TEST_CASE("verify: two records that changed places are found") {
  CHECK(Tampered().fault_after([](const LmdbStore& store, LmdbTxn& txn) {
    swap_values(txn, store.ops, version_key(1, {1}), version_key(1, {2}));
  }) == "notes/n1@1: the record does not match its hash");
}

TEST_CASE("verify: a record that was rewritten, hash and all, is found by the next one") {
  CHECK(Tampered().fault_after([](const LmdbStore& store, LmdbTxn& txn) {
    const auto key = version_key(1, {1});
    const oplog::Place place{1, notes};
    auto record = oplog::decode_record(value_at(txn, store.ops, key), place, {1}).value();
    record.entry.payload = "[]";
    std::string bytes;
    const auto hash = oplog::encode_record(record.entry, 1, record.previous, {}, bytes);
    REQUIRE(txn.put(store.ops, key, bytes).has_value());
    const auto item = number_key(2);
    auto feed = oplog::decode_feed_record(value_at(txn, store.feed, item)).value();
    feed.check = oplog::feed_check(hash);
    REQUIRE(txn.put(store.feed, item, oplog::encode_feed_record(feed)).has_value());
  }) == "notes/n1@2: the record does not follow the one before it");
}

TEST_CASE("verify: a rewritten newest op is found by the running hash of the feed") {
  CHECK(Tampered().fault_after([](const LmdbStore& store, LmdbTxn& txn) {
    const auto key = version_key(1, {3});
    const oplog::Place place{1, notes};
    auto record = oplog::decode_record(value_at(txn, store.ops, key), place, {3}).value();
    record.entry.payload = "[]";
    std::string bytes;
    const auto hash = oplog::encode_record(record.entry, 1, record.previous, {}, bytes);
    REQUIRE(txn.put(store.ops, key, bytes).has_value());
    const auto item = number_key(6);
    auto feed = oplog::decode_feed_record(value_at(txn, store.feed, item)).value();
    feed.check = oplog::feed_check(hash);
    REQUIRE(txn.put(store.feed, item, oplog::encode_feed_record(feed)).has_value());
  }) == "feed item 6: the running hash does not match");
}

TEST_CASE("verify: a dropped record is found, in the middle and at the tail") {
  for (const std::uint64_t version : {0, 2, 3}) {
    CHECK(Tampered().fault_after([&](const LmdbStore& store, const LmdbTxn& txn) {
      drop(txn, store.ops, version_key(1, {version}));
    }) == "notes/n1@" + std::to_string(version) + ": the record is missing");
  }
}

TEST_CASE("verify: an op that the feed lacks is found") {
  CHECK(Tampered().fault_after([](const LmdbStore& store, const LmdbTxn& txn) {
    for (const std::uint64_t number : {4, 5, 6}) {
      drop(txn, store.feed, number_key(number));
    }
  }) == "document number 2 has no op in the feed");
  CHECK(Tampered().fault_after([](const LmdbStore& store, const LmdbTxn& txn) {
    drop(txn, store.feed, number_key(6));
  }) == "the feed ends within a commit, at item 5");
  CHECK(Tampered().fault_after([](const LmdbStore& store, const LmdbTxn& txn) {
    drop(txn, store.feed, number_key(2));
  }) == "feed item 2 is missing");
}

TEST_CASE("verify: a document dropped with all its ops is found") {
  CHECK(Tampered().fault_after([](const LmdbStore& store, const LmdbTxn& txn) {
    drop(txn, store.names, oplog::name_key(plans));
    drop(txn, store.docs, number_key(2));
    drop(txn, store.ops, version_key(2, {0}));
    drop(txn, store.ops, version_key(2, {1}));
    drop(txn, store.dedupe, oplog::dedupe_key(2, {"alice"}, {1}));
    drop(txn, store.dedupe, oplog::dedupe_key(2, {"alice"}, {2}));
  }) == "document number 2 is missing");
}

TEST_CASE("verify: an op put in beside the feed is found") {
  CHECK(Tampered().fault_after([](const LmdbStore& store, LmdbTxn& txn) {
    std::string bytes;
    oplog::encode_record(edit(plans, 2), 2, {}, {}, bytes);
    REQUIRE(txn.put(store.ops, version_key(2, {2}), bytes).has_value());
  }) == "plans/p1@2: the op is not in the feed");
}

TEST_CASE("verify: the dedupe index is compared with the ops in both directions") {
  CHECK(Tampered().fault_after([](const LmdbStore& store, const LmdbTxn& txn) {
    drop(txn, store.dedupe, oplog::dedupe_key(1, {"alice"}, {3}));
  }) == "notes/n1@2: the dedupe index does not lead to it");
  CHECK(Tampered().fault_after([](const LmdbStore& store, LmdbTxn& txn) {
    const auto key = oplog::dedupe_key(1, {"mallory"}, {3});
    REQUIRE(txn.put(store.dedupe, key, number_key(2)).has_value());
  }) == "notes/n1@2: the dedupe index names another op");
}

TEST_CASE("verify: another author of a src is found") {
  CHECK(Tampered().fault_after([](const LmdbStore& store, LmdbTxn& txn) {
    const auto other = oplog::encode_src_author({"bob"}, "alice@example.org");
    REQUIRE(txn.put(*store.srcs, "alice", other).has_value());
  }) == "the author of a src is not well-formed");
}

TEST_CASE("verify: names that lead astray are found") {
  CHECK(Tampered().fault_after([](const LmdbStore& store, LmdbTxn& txn) {
    swap_values(txn, store.names, oplog::name_key(notes), oplog::name_key(plans));
  }) == "notes/n1: its number belongs to plans/p1");
  CHECK(Tampered().fault_after([](const LmdbStore& store, LmdbTxn& txn) {
    REQUIRE(txn.put(store.names, oplog::name_key({"x", "y"}), number_key(1)).has_value());
  }) == "x/y: its number belongs to notes/n1");
}

TEST_CASE("verify: a checkpoint in the wrong place is found") {
  CHECK(Tampered().fault_after([](const LmdbStore& store, LmdbTxn& txn) {
    const auto value = value_at(txn, store.checkpoints, version_key(1, {2}));
    REQUIRE(txn.put(store.checkpoints, version_key(1, {3}), value).has_value());
  }) == "notes/n1@3: the checkpoint does not match its hash");
  CHECK(Tampered().fault_after([](const LmdbStore& store, LmdbTxn& txn) {
    const oplog::Checkpoint beyond{notes, {9}, "json0", "[]"};
    const auto value = oplog::encode_checkpoint(beyond, 1);
    REQUIRE(txn.put(store.checkpoints, version_key(1, {9}), value).has_value());
  }) == "notes/n1@9: the checkpoint is not of a version");
}

TEST_CASE("verify: a redacted record still verifies") {
  StoredLog stored;
  REQUIRE(stored.log().append(edits(notes, 0, 3)).has_value());
  stored.close();
  {
    auto store = LmdbStore::open(stored.directory(), oplog::LmdbMode::writer, 1 << 24).value();
    auto txn = store->begin_write().value();
    const auto key = version_key(1, {1});
    const std::string bytes = value_at(txn, store->ops, key);
    const auto redacted = oplog::redact_record(bytes, oplog::Redaction::author);
    REQUIRE(txn.put(store->ops, key, redacted).has_value());
    REQUIRE(txn.commit().has_value());
  }
  stored.open();
  CHECK(oplog::verify(stored.log()).ok());
  CHECK(stored.log().read(notes, {1}, {2}, 1).value()[0].author.empty());
}

TEST_CASE("verify: a visitor sees each document in order, with its checkpoints") {
  StoredLog stored;
  REQUIRE(stored.log().append(edits(notes, 0, 4)).has_value());
  REQUIRE(stored.log().append(edits(plans, 0, 2)).has_value());
  REQUIRE(stored.log().save_checkpoint({notes, {2}, "json0", "a"}).has_value());
  REQUIRE(stored.log().save_checkpoint({notes, {4}, "json0", "b"}).has_value());
  Recorder recorder;
  std::uint64_t done = 0;
  std::uint64_t total = 0;
  const auto report = oplog::verify(
      stored.log(), {.visitor = &recorder, .progress = [&](std::uint64_t so_far, std::uint64_t of) {
                       done = so_far;
                       total = of;
                     }});
  CHECK(report.ok());
  CHECK(recorder.seen == std::map<ot::DocId, std::string>{{notes, "01=a 23=b "}, {plans, "01"}});
  CHECK(done == 12);
  CHECK(total == 12);
}

TEST_CASE("verify: a checkpoint of version 0, of which there is no document, is found") {
  CHECK(Tampered().fault_after([](const LmdbStore& store, LmdbTxn& txn) {
    const std::string bytes = oplog::encode_checkpoint({notes, {0}, "json0", "[]"}, 1);
    REQUIRE(txn.put(store.checkpoints, version_key(1, {0}), bytes).has_value());
  }) == "notes/n1@0: the checkpoint is not of a version");
}

TEST_CASE("verify: what the visitor refuses is the fault") {
  StoredLog stored;
  REQUIRE(stored.log().append(edits(notes, 0, 4)).has_value());
  REQUIRE(stored.log().save_checkpoint({notes, {2}, "json0", "wrong"}).has_value());
  Recorder recorder;
  const auto report = oplog::verify(stored.log(), {.visitor = &recorder, .progress = {}});
  REQUIRE_FALSE(report.ok());
  CHECK(report.fault->detail == "notes/n1@2: not the snapshot");
}

TEST_CASE("verify: a long log is followed through many transactions") {
  StoredLog stored;
  for (std::uint64_t head = 0; head < 5000; head += 500) {
    REQUIRE(stored.log().append(edits(notes, head, head + 500)).has_value());
  }
  Recorder recorder;
  const auto report = oplog::verify(stored.log(), {.visitor = &recorder, .progress = {}});
  CHECK(report.ok());
  CHECK(report.ops == 5000);
}
