// What a log does when the disk has no room, or fails.
#include <filesystem>

#include <doctest/doctest.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers)
#include <sys/resource.h>

#include "oplog/verify.h"
#include "tests/support/entries.h"
#include "tests/support/stored_log.h"

using namespace segue;
using namespace segue::test;

namespace {

// While it lives, this process cannot make a file larger than it is now.
class FilesCannotGrow {
 public:
  explicit FilesCannotGrow(const std::string& file) {
    handler_ = ::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &before_);
    rlimit now = before_;
    now.rlim_cur = std::filesystem::file_size(file);
    ::setrlimit(RLIMIT_FSIZE, &now);
  }
  FilesCannotGrow(const FilesCannotGrow&) = delete;
  FilesCannotGrow& operator=(const FilesCannotGrow&) = delete;
  ~FilesCannotGrow() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    ::signal(SIGXFSZ, handler_);
  }

 private:
  rlimit before_{};
  void (*handler_)(int) = nullptr;
};

std::vector<oplog::Entry> long_edits(const ot::DocId& doc, std::uint64_t from, std::uint64_t to) {
  auto entries = edits(doc, from, to);
  for (auto& entry : entries) {
    entry.payload = std::string(3000, 'x');
  }
  return entries;
}

}  // namespace

TEST_CASE("full: when the map is full, nothing of the batch is written and reads go on") {
  auto options = small_map();
  options.map_bytes = std::size_t{1} << 20;
  StoredLog stored(options);
  ot::Result<void> appended;
  std::uint64_t head = 0;
  for (; head < 10'000; head += 10) {
    appended = stored.log().append(long_edits(notes, head, head + 10));
    if (!appended) {
      break;
    }
  }
  REQUIRE_FALSE(appended.has_value());
  CHECK(appended.error().code == ot::Errc::log_full);
  CHECK(stored.log().head(notes).value().version == ot::Version{head});
  CHECK(stored.log().append(long_edits(notes, head, head + 10)).error().code == ot::Errc::log_full);
  CHECK(oplog::verify(stored.log()).ops == head);
  stored.reopen();  // With a larger map.
  CHECK(stored.log().append(long_edits(notes, head, head + 10)).has_value());
  CHECK(oplog::verify(stored.log()).ok());
}

TEST_CASE("full: below the low-water mark of the disk nothing is written and reads go on") {
  StoredLog stored;
  REQUIRE(stored.log().append(edits(notes, 0, 3)).has_value());
  auto options = small_map();
  options.free_bytes_min = std::uint64_t{1} << 62;
  stored.close();
  stored.open(options);
  CHECK(stored.log().append(edits(notes, 3, 4)).error().code == ot::Errc::log_full);
  CHECK(stored.log().save_checkpoint({notes, {3}, "json0", "1"}).error().code ==
        ot::Errc::log_full);
  CHECK(stored.log().head(notes).value().version == ot::Version{3});
}

TEST_CASE("I/O error: after a failed write every append fails until the log is opened anew") {
  StoredLog stored;
  REQUIRE(stored.log().append(edits(notes, 0, 3)).has_value());
  {
    const FilesCannotGrow limit(stored.directory() + "/data.mdb");
    CHECK(stored.log().append(long_edits(plans, 0, 100)).error().code == ot::Errc::log_io);
  }
  CHECK(stored.log().append(edits(notes, 3, 4)).error().code == ot::Errc::log_io);
  CHECK(stored.log().save_checkpoint({notes, {3}, "json0", "1"}).error().code == ot::Errc::log_io);
  CHECK(stored.log().head(notes).value().version == ot::Version{3});
  stored.reopen();
  CHECK(stored.log().append(edits(notes, 3, 4)).has_value());
  CHECK(oplog::verify(stored.log()).ok());
}
