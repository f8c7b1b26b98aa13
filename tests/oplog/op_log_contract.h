// The contract of OpLog as tests: what each implementation, the fakes included, must pass.
//
// Before including this, define SEGUE_LOGS_UNDER_TEST as a comma-separated list of types whose
// log() returns a fresh, empty OpLog that lives as long as they do.
#pragma once

#include <limits>
#include <string>
#include <thread>

#include <doctest/doctest.h>

#include "oplog/op_log.h"
#include "tests/support/entries.h"

namespace segue::test {

constexpr std::size_t no_limit = std::numeric_limits<std::size_t>::max();

inline ot::Errc code_of(const ot::Result<void>& result) {
  REQUIRE_FALSE(result.has_value());
  return result.error().code;
}

inline oplog::Entry full_entry() {
  oplog::Entry entry;
  entry.doc = {std::string(oplog::collection_bytes_max, 'c'), std::string(255, 'd')};
  entry.kind = oplog::OpKind::create;
  entry.type = "http://sharejs.org/types/JSONv0";
  entry.src = ot::ClientId{std::string(oplog::src_bytes_max, 's')};
  entry.seq = ot::Seq{9007199254740991};
  entry.time_ms = 1234567890123;
  entry.author = "Åsa";
  entry.payload = std::string(100000, 'x');
  entry.submitted = std::string("a\0b", 3);
  entry.reason = "because";
  return entry;
}

TEST_CASE_TEMPLATE("op log: what was appended is read back whole", Log, SEGUE_LOGS_UNDER_TEST) {
  Log under_test;
  oplog::OpLog& log = under_test.log();
  const oplog::Entry entry = full_entry();
  REQUIRE(log.append({&entry, 1}).has_value());
  CHECK(log.read(entry.doc, {0}, {1}, no_limit).value() == std::vector{entry});
}

TEST_CASE_TEMPLATE("op log: an unknown document is at version 0 and has nothing", Log,
                   SEGUE_LOGS_UNDER_TEST) {
  Log under_test;
  const oplog::OpLog& log = under_test.log();
  CHECK(log.head(notes).value() == oplog::Head{});
  CHECK(log.read(notes, {0}, {10}, no_limit).value().empty());
  CHECK(log.find(notes, {"alice"}, {1}).value() == std::nullopt);
  CHECK(log.last_seq(notes, {"alice"}).value() == std::nullopt);
  CHECK(log.version_at(notes, 5000).value() == ot::Version{0});
  CHECK(log.checkpoint(notes, {5}).value() == std::nullopt);
  CHECK(log.documents(std::nullopt, 10).value().empty());
  CHECK(log.feed(0, 10).value().empty());
  CHECK(log.feed_end().value() == 0);
}

TEST_CASE_TEMPLATE("op log: the head counts ops and has the time of the newest", Log,
                   SEGUE_LOGS_UNDER_TEST) {
  Log under_test;
  oplog::OpLog& log = under_test.log();
  REQUIRE(log.append(edits(notes, 0, 3)).has_value());
  CHECK(log.head(notes).value() == oplog::Head{{3}, 1020});
  CHECK(log.head(plans).value() == oplog::Head{});
}

TEST_CASE_TEMPLATE("op log: an empty batch changes nothing", Log, SEGUE_LOGS_UNDER_TEST) {
  Log under_test;
  CHECK(under_test.log().append({}).has_value());
  CHECK(under_test.log().feed(0, 10).value().empty());
}

TEST_CASE_TEMPLATE("op log: one batch may mix documents", Log, SEGUE_LOGS_UNDER_TEST) {
  Log under_test;
  oplog::OpLog& log = under_test.log();
  const std::vector batch{edit(notes, 0), edit(plans, 0), edit(notes, 1), edit(plans, 1)};
  REQUIRE(log.append(batch).has_value());
  CHECK(log.read(notes, {0}, {9}, no_limit).value() == edits(notes, 0, 2));
  CHECK(log.read(plans, {0}, {9}, no_limit).value() == edits(plans, 0, 2));
}

TEST_CASE_TEMPLATE("op log: a range is cut at the head and at its own ends", Log,
                   SEGUE_LOGS_UNDER_TEST) {
  Log under_test;
  oplog::OpLog& log = under_test.log();
  REQUIRE(log.append(edits(notes, 0, 10)).has_value());
  CHECK(log.read(notes, {3}, {6}, no_limit).value() == edits(notes, 3, 6));
  CHECK(log.read(notes, {8}, {60}, no_limit).value() == edits(notes, 8, 10));
  CHECK(log.read(notes, {10}, {20}, no_limit).value().empty());
  CHECK(log.read(notes, {6}, {3}, no_limit).value().empty());
}

TEST_CASE_TEMPLATE("op log: a read ends with the op that reaches the limit in bytes", Log,
                   SEGUE_LOGS_UNDER_TEST) {
  Log under_test;
  oplog::OpLog& log = under_test.log();
  REQUIRE(log.append(edits(notes, 0, 10)).has_value());
  const std::size_t one = oplog::entry_bytes(edit(notes, 0));
  CHECK(log.read(notes, {0}, {10}, 0).value().size() == 1);
  CHECK(log.read(notes, {0}, {10}, one).value().size() == 1);
  CHECK(log.read(notes, {0}, {10}, one + 1).value().size() == 2);
}

TEST_CASE_TEMPLATE("op log: an op that is not at the head is a conflict", Log,
                   SEGUE_LOGS_UNDER_TEST) {
  Log under_test;
  oplog::OpLog& log = under_test.log();
  CHECK(code_of(log.append(edits(notes, 1, 2))) == ot::Errc::log_conflict);
  REQUIRE(log.append(edits(notes, 0, 2)).has_value());
  CHECK(code_of(log.append(edits(notes, 1, 2, "bob"))) == ot::Errc::log_conflict);
  CHECK(code_of(log.append(edits(notes, 3, 4))) == ot::Errc::log_conflict);
  CHECK(log.append(edits(notes, 2, 3)).has_value());
}

TEST_CASE_TEMPLATE("op log: a src and seq that the document has are a conflict", Log,
                   SEGUE_LOGS_UNDER_TEST) {
  Log under_test;
  oplog::OpLog& log = under_test.log();
  REQUIRE(log.append(edits(notes, 0, 1)).has_value());
  oplog::Entry again = edit(notes, 1);
  again.seq = ot::Seq{1};
  CHECK(code_of(log.append({&again, 1})) == ot::Errc::log_conflict);
  again.src = ot::ClientId{"bob"};
  CHECK(log.append({&again, 1}).has_value());
  oplog::Entry elsewhere = edit(plans, 0);
  CHECK(log.append({&elsewhere, 1}).has_value());
}

TEST_CASE_TEMPLATE("op log: the same src and seq twice in one batch are a conflict", Log,
                   SEGUE_LOGS_UNDER_TEST) {
  Log under_test;
  std::vector<oplog::Entry> batch = edits(notes, 0, 2);
  batch[1].seq = batch[0].seq;
  CHECK(code_of(under_test.log().append(batch)) == ot::Errc::log_conflict);
  CHECK(under_test.log().head(notes).value().version == ot::Version{0});
}

TEST_CASE_TEMPLATE("op log: a batch that fails leaves no trace", Log, SEGUE_LOGS_UNDER_TEST) {
  Log under_test;
  oplog::OpLog& log = under_test.log();
  REQUIRE(log.append(edits(notes, 0, 1)).has_value());
  const std::vector batch{edit(notes, 1), edit(plans, 0), edit(notes, 2, "bob"), edit(notes, 7)};
  CHECK(code_of(log.append(batch)) == ot::Errc::log_conflict);
  CHECK(log.head(notes).value() == oplog::Head{{1}, 1000});
  CHECK(log.head(plans).value() == oplog::Head{});
  CHECK(log.find(notes, {"alice"}, {2}).value() == std::nullopt);
  CHECK(log.last_seq(notes, {"bob"}).value() == std::nullopt);
  CHECK(log.documents(std::nullopt, 10).value() == std::vector{notes});
  CHECK(log.feed(0, 10).value().size() == 1);
  CHECK(log.append({batch.data(), 3}).has_value());
  CHECK(log.feed(0, 10).value().size() == 4);
}

TEST_CASE_TEMPLATE("op log: an entry that fits no key or record is refused", Log,
                   SEGUE_LOGS_UNDER_TEST) {
  Log under_test;
  oplog::OpLog& log = under_test.log();
  const auto refused = [&](auto spoil) {
    oplog::Entry entry = full_entry();
    spoil(entry);
    CHECK(code_of(log.append({&entry, 1})) == ot::Errc::op_badly_formed);
  };
  refused([](oplog::Entry& entry) { entry.doc.collection.clear(); });
  refused([](oplog::Entry& entry) { entry.doc.collection += 'c'; });
  refused([](oplog::Entry& entry) { entry.doc.collection = std::string("a\0b", 3); });
  refused([](oplog::Entry& entry) { entry.doc.id.clear(); });
  refused([](oplog::Entry& entry) { entry.doc.id += 'd'; });
  refused([](oplog::Entry& entry) { entry.doc.id = std::string("\0", 1); });
  refused([](oplog::Entry& entry) { entry.src.value.clear(); });
  refused([](oplog::Entry& entry) { entry.src.value += 's'; });
  refused([](oplog::Entry& entry) { entry.type.assign(oplog::type_bytes_max + 1, 't'); });
  refused([](oplog::Entry& entry) { entry.author.assign(oplog::author_bytes_max + 1, 'a'); });
  refused([](oplog::Entry& entry) { entry.reason.assign(oplog::content_bytes_max, 'r'); });
  CHECK(log.documents(std::nullopt, 10).value().empty());
}

TEST_CASE_TEMPLATE("op log: time never goes back within a document", Log, SEGUE_LOGS_UNDER_TEST) {
  Log under_test;
  oplog::OpLog& log = under_test.log();
  std::vector<oplog::Entry> batch = edits(notes, 0, 2);
  batch[1].time_ms = batch[0].time_ms - 1;
  CHECK(code_of(log.append(batch)) == ot::Errc::op_badly_formed);
  batch[1].time_ms = batch[0].time_ms;
  CHECK(log.append(batch).has_value());
  oplog::Entry earlier = edit(plans, 0);
  earlier.time_ms = -5;
  CHECK(log.append({&earlier, 1}).has_value());
}

TEST_CASE_TEMPLATE("op log: a src and seq are found at the version they were committed at", Log,
                   SEGUE_LOGS_UNDER_TEST) {
  Log under_test;
  oplog::OpLog& log = under_test.log();
  REQUIRE(
      log.append(std::vector{edit(notes, 0), edit(notes, 1, "bob"), edit(notes, 2)}).has_value());
  CHECK(log.find(notes, {"alice"}, {3}).value() == ot::Version{2});
  CHECK(log.find(notes, {"bob"}, {2}).value() == ot::Version{1});
  CHECK(log.find(notes, {"bob"}, {3}).value() == std::nullopt);
  CHECK(log.find(plans, {"bob"}, {2}).value() == std::nullopt);
}

TEST_CASE_TEMPLATE("op log: the last seq of a src is the highest, not the newest", Log,
                   SEGUE_LOGS_UNDER_TEST) {
  Log under_test;
  oplog::OpLog& log = under_test.log();
  std::vector<oplog::Entry> batch = edits(notes, 0, 3);
  batch[0].seq = ot::Seq{500};
  batch[1].seq = ot::Seq{70000};
  batch[2].seq = ot::Seq{3};
  REQUIRE(log.append(batch).has_value());
  CHECK(log.last_seq(notes, {"alice"}).value() == ot::Seq{70000});
}

TEST_CASE_TEMPLATE("op log: a src that begins like another one is another one", Log,
                   SEGUE_LOGS_UNDER_TEST) {
  Log under_test;
  oplog::OpLog& log = under_test.log();
  const std::string longer("ab\0\0", 4);
  REQUIRE(log.append(std::vector{edit(notes, 0, "ab"), edit(notes, 1, longer)}).has_value());
  CHECK(log.last_seq(notes, {"ab"}).value() == ot::Seq{1});
  CHECK(log.last_seq(notes, {longer}).value() == ot::Seq{2});
  CHECK(log.last_seq(notes, {"a"}).value() == std::nullopt);
  CHECK(log.last_seq(notes, {std::string(500, 'a')}).value() == std::nullopt);
}

TEST_CASE_TEMPLATE("op log: a src has the author of its first op, in whichever document", Log,
                   SEGUE_LOGS_UNDER_TEST) {
  Log under_test;
  oplog::OpLog& log = under_test.log();
  const auto append = [&log](oplog::Entry entry, const char* author) {
    entry.author = author;
    REQUIRE(log.append({&entry, 1}).has_value());
  };
  append(edit(notes, 0, "ab"), "Åsa");
  append(edit(plans, 0, "ab"), "Bo");
  append(edit(plans, 1, "cd"), "Bo");
  CHECK(log.src_author({"ab"}).value() == "Åsa");
  CHECK(log.src_author({"cd"}).value() == "Bo");
  CHECK(log.src_author({"a"}).value() == std::nullopt);
  CHECK(log.src_author({""}).value() == std::nullopt);
  CHECK(log.src_author({std::string(500, 'a')}).value() == std::nullopt);
}

TEST_CASE_TEMPLATE("op log: an anonymous author owns no src", Log, SEGUE_LOGS_UNDER_TEST) {
  Log under_test;
  oplog::OpLog& log = under_test.log();
  std::vector<oplog::Entry> batch{edit(notes, 0, "ab"), edit(notes, 1, "ab")};
  batch[0].author = oplog::anonymous;
  REQUIRE(log.append({batch.data(), 1}).has_value());
  CHECK(log.src_author({"ab"}).value() == std::nullopt);
  REQUIRE(log.append({&batch[1], 1}).has_value());
  CHECK(log.src_author({"ab"}).value() == batch[1].author);
}

TEST_CASE_TEMPLATE("op log: a batch that is refused gives no src an author", Log,
                   SEGUE_LOGS_UNDER_TEST) {
  Log under_test;
  oplog::OpLog& log = under_test.log();
  const std::vector batch{edit(notes, 0, "ab"), edit(notes, 5, "ab")};
  REQUIRE(code_of(log.append(batch)) == ot::Errc::log_conflict);
  CHECK(log.src_author({"ab"}).value() == std::nullopt);
}

TEST_CASE_TEMPLATE("op log: the version at a time counts the ops up to it", Log,
                   SEGUE_LOGS_UNDER_TEST) {
  Log under_test;
  oplog::OpLog& log = under_test.log();
  std::vector<oplog::Entry> batch = edits(notes, 0, 20);
  batch[8].time_ms = batch[7].time_ms;
  REQUIRE(log.append(batch).has_value());
  CHECK(log.version_at(notes, 999).value() == ot::Version{0});
  for (std::uint64_t version = 0; version < batch.size(); ++version) {
    const std::int64_t time = batch[version].time_ms;
    CHECK(log.version_at(notes, time).value() == ot::Version{version == 7 ? 9 : version + 1});
    CHECK(log.version_at(notes, time + 1).value() == ot::Version{version == 7 ? 9 : version + 1});
  }
}

TEST_CASE_TEMPLATE("op log: the checkpoint of a version is the newest one up to it", Log,
                   SEGUE_LOGS_UNDER_TEST) {
  Log under_test;
  oplog::OpLog& log = under_test.log();
  REQUIRE(log.append(edits(notes, 0, 9)).has_value());
  REQUIRE(log.append(edits(plans, 0, 9)).has_value());
  const oplog::Checkpoint at_3{notes, {3}, "json0", "{\"a\":3}"};
  const oplog::Checkpoint at_7{notes, {7}, "", ""};
  REQUIRE(log.save_checkpoint(at_7).has_value());
  REQUIRE(log.save_checkpoint(at_3).has_value());
  CHECK(log.checkpoint(notes, {2}).value() == std::nullopt);
  CHECK(log.checkpoint(notes, {3}).value() == at_3);
  CHECK(log.checkpoint(notes, {6}).value() == at_3);
  CHECK(log.checkpoint(notes, {100}).value() == at_7);
  CHECK(log.checkpoint(plans, {9}).value() == std::nullopt);
}

TEST_CASE_TEMPLATE("op log: a checkpoint replaces one at its version", Log, SEGUE_LOGS_UNDER_TEST) {
  Log under_test;
  oplog::OpLog& log = under_test.log();
  REQUIRE(log.append(edits(notes, 0, 2)).has_value());
  oplog::Checkpoint checkpoint{notes, {1}, "json0", std::string(100000, '1')};
  REQUIRE(log.save_checkpoint(checkpoint).has_value());
  checkpoint.data = "2";
  REQUIRE(log.save_checkpoint(checkpoint).has_value());
  CHECK(log.checkpoint(notes, {2}).value() == checkpoint);
}

TEST_CASE_TEMPLATE("op log: a checkpoint of a version that is not there is a conflict", Log,
                   SEGUE_LOGS_UNDER_TEST) {
  Log under_test;
  oplog::OpLog& log = under_test.log();
  CHECK(code_of(log.save_checkpoint({notes, {1}, "json0", "1"})) == ot::Errc::log_conflict);
  REQUIRE(log.append(edits(notes, 0, 2)).has_value());
  CHECK(code_of(log.save_checkpoint({notes, {0}, "json0", "1"})) == ot::Errc::log_conflict);
  CHECK(code_of(log.save_checkpoint({notes, {3}, "json0", "1"})) == ot::Errc::log_conflict);
  CHECK(log.save_checkpoint({notes, {2}, "json0", "1"}).has_value());
}

TEST_CASE_TEMPLATE("op log: documents come in order of collection, then id, a page at a time", Log,
                   SEGUE_LOGS_UNDER_TEST) {
  Log under_test;
  oplog::OpLog& log = under_test.log();
  const std::vector<ot::DocId> sorted{{"a", "b"},     {"a", "b\x01"}, {"a", "\xc3\xa5"},
                                      {"a\x01", "a"}, {"ab", "a"},    {"b", "a"}};
  for (const std::size_t i : {3U, 0U, 5U, 1U, 4U, 2U}) {
    REQUIRE(log.append(edits(sorted[i], 0, 2)).has_value());
  }
  CHECK(log.documents(std::nullopt, 100).value() == sorted);
  CHECK(log.documents(std::nullopt, 2).value() == std::vector(sorted.begin(), sorted.begin() + 2));
  CHECK(log.documents(sorted[1], 2).value() == std::vector(sorted.begin() + 2, sorted.begin() + 4));
  CHECK(log.documents(ot::DocId{"a", "a"}, 1).value() == std::vector{sorted[0]});
  CHECK(log.documents(sorted[5], 2).value().empty());
}

TEST_CASE_TEMPLATE("op log: the feed holds every op in the order of commit, numbered from 1", Log,
                   SEGUE_LOGS_UNDER_TEST) {
  Log under_test;
  oplog::OpLog& log = under_test.log();
  REQUIRE(log.append(std::vector{edit(notes, 0), edit(plans, 0), edit(notes, 1)}).has_value());
  REQUIRE(log.append(edits(plans, 1, 2)).has_value());
  const std::vector<oplog::FeedItem> all{
      {1, notes, {0}}, {2, plans, {0}}, {3, notes, {1}}, {4, plans, {1}}};
  CHECK(log.feed(0, 100).value() == all);
  CHECK(log.feed_end().value() == all.size());
  CHECK(log.feed(1, 2).value() == std::vector(all.begin() + 1, all.begin() + 3));
  CHECK(log.feed(4, 2).value().empty());
  CHECK(log.feed(std::numeric_limits<std::uint64_t>::max(), 2).value().empty());
}

TEST_CASE_TEMPLATE("op log: readers beside the writer see whole batches only", Log,
                   SEGUE_LOGS_UNDER_TEST) {
  Log under_test;
  oplog::OpLog& log = under_test.log();
  constexpr std::uint64_t batches = 20;
  const auto read_until_full = [&log] {
    for (std::uint64_t seen = 0; seen < 10 * batches;) {
      const std::uint64_t head = log.head(notes).value().version.value;
      CHECK(head % 10 == 0);
      CHECK(head >= seen);
      CHECK(log.read(notes, {seen}, {head}, no_limit).value().size() == head - seen);
      CHECK(log.feed(0, no_limit).value().size() >= head);
      seen = head;
    }
  };
  std::thread first(read_until_full);
  std::thread second(read_until_full);
  bool appended = true;
  for (std::uint64_t batch = 0; batch < batches; ++batch) {
    appended = log.append(edits(notes, 10 * batch, 10 * batch + 10)).has_value() && appended;
  }
  first.join();
  second.join();
  CHECK(appended);
}

}  // namespace segue::test
