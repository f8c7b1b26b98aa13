// Each of the log's file operations fails once, in every way: the error is the one that OpLog
// promises, and what was acknowledged is there when the log is opened anew.
#include <optional>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "oplog/verify.h"
#include "tests/support/entries.h"
#include "tests/support/file_tap.h"
#include "tests/support/stored_log.h"

using namespace segue;
using namespace segue::test;

namespace {

constexpr std::size_t calls_max = 1000;
constexpr std::uint64_t batches_written = 4;

// Batches of two documents, some of their ops too long for a page of LMDB.
std::vector<std::vector<oplog::Entry>> batches(std::uint64_t count) {
  std::vector<std::vector<oplog::Entry>> all;
  for (std::uint64_t version = 0; version < count; ++version) {
    std::vector<oplog::Entry> batch{edit(notes, 2 * version), edit(plans, version),
                                    edit(notes, 2 * version + 1)};
    batch[version % 3].payload.append(5'000, 'x');
    all.push_back(std::move(batch));
  }
  return all;
}

// The number of batches in the log, which holds whole ones only.
std::uint64_t batches_in(const oplog::LmdbLog& log) {
  const std::uint64_t count = log.head(plans).value().version.value;
  CHECK(log.head(notes).value().version.value == 2 * count);
  return count;
}

oplog::Checkpoint checkpoint_at(std::uint64_t version) {
  return {plans, {version}, "json0", std::string(3'000, 'c')};
}

// One run of the log in which the n-th file operation fails.
class Run {
 public:
  Run(std::size_t n, FileFault fault) {
    FileTap tap(directory_.str("log"));
    tap.fail(n, fault);
    const auto log = oplog::LmdbLog::open(directory_.str("log"), small_map());
    const auto failed = log ? fill(**log) : ot::Result<void>(ot::fail(log.error()));
    reached_ = tap.has_failed();
    REQUIRE(failed.has_value() != reached_);
    if (!reached_) {
      return;
    }
    failure_ = failed.error().code;
    if (!log) {
      CHECK((failure_ == ot::Errc::log_io || failure_ == ot::Errc::log_full));
      return;
    }
    const bool at_commit = tap.has_failed_at_commit();
    const bool has_room = fault != FileFault::no_space || at_commit;
    CHECK(failure_ == (has_room ? ot::Errc::log_io : ot::Errc::log_full));
    check_reads(**log, at_commit);
    check_writes(**log);
  }

  bool reached() const { return reached_; }

  // As after a restart: whatever the fault was, it is over.
  void check_opened_anew() const {
    const auto log = oplog::LmdbLog::open(directory_.str("log"), small_map());
    REQUIRE_MESSAGE(log.has_value(), log.error().detail);
    CHECK(oplog::verify(**log).ok());
    const std::uint64_t found = batches_in(**log);
    CHECK_MESSAGE(found >= acknowledged_, "G1 durable acks: an acknowledged batch is gone");
    CHECK(found <= acknowledged_ + (failure_ == ot::Errc::log_io ? 1 : 0));
    const auto all = batches(batches_written);
    for (std::uint64_t batch = found; batch < all.size(); ++batch) {
      CHECK((*log)->append(all[batch]).has_value());
    }
    CHECK(oplog::verify(**log).ok());
  }

 private:
  ot::Result<void> fill(oplog::LmdbLog& log) {
    for (const auto& batch : batches(batches_written)) {
      if (auto appended = log.append(batch); !appended) {
        return appended;
      }
      ++acknowledged_;
      if (auto saved = log.save_checkpoint(checkpoint_at(acknowledged_)); !saved) {
        return saved;
      }
    }
    return {};
  }

  // Where it is in doubt whether the newest commit is on disk, nothing is shown at all.
  void check_reads(const oplog::LmdbLog& log, bool in_doubt) const {
    if (in_doubt) {
      CHECK(log.head(plans).error().code == ot::Errc::log_io);
    } else {
      CHECK(batches_in(log) == acknowledged_);
    }
  }

  // There is space again, and no operation fails any more.
  void check_writes(oplog::LmdbLog& log) {
    const auto appended = log.append(batches(acknowledged_ + 1).back());
    const auto saved = log.save_checkpoint(checkpoint_at(1));
    if (failure_ == ot::Errc::log_full) {
      CHECK_MESSAGE(appended.has_value(), "G10 full: with space back the log does not go on");
      CHECK(saved.has_value());
      acknowledged_ = batches_in(log);
    } else {
      CHECK_MESSAGE(appended.error().code == ot::Errc::log_io, "G11 I/O error: the log carries on");
      CHECK(saved.error().code == ot::Errc::log_io);
    }
  }

  TempDir directory_{memory_directory()};
  std::optional<ot::Errc> failure_;
  bool reached_ = false;
  std::uint64_t acknowledged_ = 0;
};

// Fails the n-th operation, then the next, and so on, until a run passes without reaching it.
void fail_each(FileFault fault, std::size_t n = 1) {
  for (bool reached = true; reached; ++n) {
    CAPTURE(n);
    REQUIRE(n < calls_max);
    const Run run(n, fault);
    run.check_opened_anew();
    reached = run.reached();
  }
  CHECK(n > 20);
}

}  // namespace

TEST_CASE("fail at n G10: where there is no space nothing was written, and with space it goes on") {
  fail_each(FileFault::no_space, 2);  // The first one is below.
}

TEST_CASE("fail at n G10: a log is opened where there is not even space to note who writes it") {
  StoredLog stored(small_map(), memory_directory());
  REQUIRE(stored.log().append(edits(notes, 0, 3)).has_value());
  stored.close();
  FileTap tap(stored.directory());
  tap.fail(1, FileFault::no_space);
  stored.open();
  CHECK(tap.has_failed());
  CHECK(stored.log().head(notes).value().version == ot::Version{3});
}

TEST_CASE("fail at n G11: after an operation that failed no append succeeds, no ack is lost") {
  fail_each(FileFault::io_error);
}

TEST_CASE("fail at n G11: a short write is an I/O error") { fail_each(FileFault::short_write); }

TEST_CASE("fail at n G11: what was written but reported as failed is in doubt, not lost") {
  fail_each(FileFault::late_error);
}
