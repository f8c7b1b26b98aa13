// A power cut at any moment: nothing that was acknowledged is lost, and the log goes on.
//
// SEGUE_CRASH_IMAGES=2000 checks so many images instead of a few hundred; SEGUE_CRASH_SEED=7 runs
// other ops and other cuts.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <variant>
#include <vector>

#include <doctest/doctest.h>

#include "tests/support/crash_disk.h"
#include "tests/support/crash_images.h"
#include "tests/support/file_tap.h"
#include "tests/support/random.h"
#include "tests/support/stored_log.h"

using namespace segue;
using namespace segue::test;

namespace {

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
  const char* const value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): one thread.
  return value != nullptr ? std::stoull(value) : otherwise;
}

// What happens to the file in the directory when a log is opened there for the first time.
std::vector<FileEvent> events_of_first_open(const std::string& file) {
  const TempDir directory(memory_directory());
  const FileTap tap(directory.str(file));
  REQUIRE(oplog::LmdbLog::open(directory.str(), small_map()).has_value());
  return tap.events();
}

bool opens_with(const std::string& file, const std::string& contents) {
  const TempDir directory(memory_directory());
  std::filesystem::create_directories(std::filesystem::path(directory.str(file)).parent_path());
  std::ofstream(directory.str(file), std::ios::binary) << contents;
  return oplog::LmdbLog::open(directory.str(), small_map()).has_value();
}

}  // namespace

TEST_CASE("recovery G1: after a power cut at any moment every acknowledged op is there, once") {
  CrashOptions options;
  options.seed = from_environment("SEGUE_CRASH_SEED", options.seed);
  options.images = from_environment("SEGUE_CRASH_IMAGES", options.images);
  const CrashReport report = check_crash_images(options);
  CHECK_MESSAGE(!report.violation, report.violation.value_or(""));
  CHECK(report.images >= options.images);
}

TEST_CASE("recovery G1: so it is if an I/O error and a restart went before") {
  CrashOptions options;
  options.seed = from_environment("SEGUE_CRASH_SEED", options.seed);
  options.images = from_environment("SEGUE_CRASH_IMAGES", options.images) / 4;
  options.commits = 3;
  constexpr std::size_t calls = 12;  // that those commits make, about
  for (options.failing_call = 1; options.failing_call <= calls; ++options.failing_call) {
    CAPTURE(options.failing_call);
    const CrashReport report = check_crash_images(options);
    CHECK_MESSAGE(!report.violation, report.violation.value_or(""));
  }
}

TEST_CASE(
    "recovery G14: a power cut while a log is made for the first time leaves one that opens") {
  for (const FileEvent& event : events_of_first_open("data.mdb")) {
    CHECK(std::holds_alternative<FileSync>(event));  // It is made elsewhere, and moved when whole.
  }
  Random random(1);
  CrashDisk disk("");
  for (const FileEvent& event : events_of_first_open("data.mdb.new/data.mdb")) {
    disk.add(event);
    for (std::size_t variant = 0; variant < 8; ++variant) {
      const auto keep = [&] { return variant < 2 ? variant == 1 : random.below(2) == 1; };
      CHECK(opens_with("data.mdb.new/data.mdb", disk.after_cut(keep)));
    }
  }
  CHECK(disk.contents().size() > 0);
  CHECK(disk.unsynced() == 0);
  CHECK(opens_with("data.mdb", disk.contents()));
}
