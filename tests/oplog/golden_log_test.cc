#include "tests/golden/golden_log.h"

#include <filesystem>

#include <doctest/doctest.h>

#include "oplog/verify.h"
#include "tests/support/stored_log.h"

using namespace segue;
using namespace segue::test;

namespace {

// Opened as a writer, as an upgrade would.
std::unique_ptr<oplog::LmdbLog> open_copy_of_fixture(const TempDir& temp) {
  std::filesystem::copy_file(SEGUE_SOURCE_DIR "/tests/golden/log-v1/data.mdb",
                             temp.path() / "data.mdb");
  return std::move(oplog::LmdbLog::open(temp.str(), small_map()).value());
}

}  // namespace

TEST_CASE("golden log: the fixture of format 1 opens, verifies and holds what it held") {
  const TempDir temp;
  const auto log = open_copy_of_fixture(temp);
  const auto entries = golden_entries();
  const auto report = oplog::verify(*log);
  CHECK(report.ok());
  CHECK(report.documents == 3);
  CHECK(report.ops == entries.size());
  CHECK(report.checkpoints == golden_checkpoints().size());
  for (const auto& entry : entries) {
    CHECK(log->read(entry.doc, entry.version, entry.version + 1, 1).value() == std::vector{entry});
    CHECK(log->find(entry.doc, entry.src, entry.seq).value() == entry.version);
  }
  for (const auto& checkpoint : golden_checkpoints()) {
    CHECK(log->checkpoint(checkpoint.doc, checkpoint.version).value() == checkpoint);
  }
}

TEST_CASE("golden log: what is written today hashes as the fixture does, and may follow it") {
  const TempDir temp;
  REQUIRE(make_golden_log(temp.str("new")).has_value());
  const auto made = oplog::LmdbLog::open(temp.str("new"), small_map()).value();
  const TempDir copy;
  const auto log = open_copy_of_fixture(copy);
  CHECK(oplog::verify(*log).running == oplog::verify(*made).running);
  oplog::Entry next = golden_entries().back();
  ++next.version;
  next.seq = ot::Seq{1000};
  CHECK(log->append({&next, 1}).has_value());
  CHECK(oplog::verify(*log).ok());
}
