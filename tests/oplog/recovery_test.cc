// A power cut at any moment: nothing that was acknowledged is lost, and the log goes on.
//
// SEGUE_CRASH_IMAGES=2000 checks so many images instead of a few hundred; SEGUE_CRASH_SEED=7 runs
// other ops and other cuts.
#include <cstdlib>
#include <string>

#include <doctest/doctest.h>

#include "tests/support/crash_images.h"

using namespace segue::test;

namespace {

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
  const char* const value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): one thread.
  return value != nullptr ? std::stoull(value) : otherwise;
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
