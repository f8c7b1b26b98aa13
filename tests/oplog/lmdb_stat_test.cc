#include "oplog/lmdb_stat.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include "oplog/layout.h"
#include "oplog/verify.h"
#include "tests/support/entries.h"
#include "tests/support/stored_log.h"

using namespace segue;
using namespace segue::test;

TEST_CASE("stat: it counts what the log holds, and its hash is that of verify") {
  StoredLog stored;
  REQUIRE(stored.log().append(edits(notes, 0, 4)).has_value());
  REQUIRE(stored.log().append(edits(plans, 0, 2)).has_value());
  REQUIRE(stored.log().save_checkpoint({notes, {4}, "json0", "[]"}).has_value());
  const auto stat = oplog::stat(stored.log()).value();
  CHECK(stat.items("docs") == 2);
  CHECK(stat.items("ops") == 6);
  CHECK(stat.items("feed") == 6);
  CHECK(stat.items("dedupe") == 6);
  CHECK(stat.items("checkpoints") == 1);
  CHECK(stat.newest_time_ms == edit(plans, 1).time_ms);
  CHECK(stat.running == oplog::verify(stored.log()).running);
  CHECK(stat.file_bytes > 0);
  CHECK(stat.file_bytes <= stat.map_bytes);
}

TEST_CASE("stat: an empty log has no newest op") {
  StoredLog stored;
  const auto stat = oplog::stat(stored.log()).value();
  CHECK(stat.items("ops") == 0);
  CHECK_FALSE(stat.newest_time_ms.has_value());
  CHECK(stat.running == oplog::RunningHash().value());
}

TEST_CASE("stat: pages that were let go are counted as free to be written again") {
  StoredLog stored;
  REQUIRE(stored.log().append(edits(notes, 0, 1)).has_value());
  const auto save = [&](std::size_t bytes) {
    const oplog::Checkpoint checkpoint{notes, {1}, "json0", std::string(bytes, ' ')};
    REQUIRE(stored.log().save_checkpoint(checkpoint).has_value());
  };
  save(1'000'000);
  save(1);
  CHECK(oplog::stat(stored.log()).value().reusable_bytes >= 1'000'000);
}

TEST_CASE("stat: it names who writes, and nobody once that one has gone") {
  StoredLog stored;
  CHECK(oplog::stat(stored.log()).value().writer == std::to_string(::getpid()));
  stored.close();
  CHECK_FALSE(oplog::DirLock::holder(stored.directory()).has_value());
}
