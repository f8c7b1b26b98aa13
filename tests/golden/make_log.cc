// make_golden_log DIRECTORY: writes the fixture log of the current format. Run it once for each
// format version and keep what it made; an old fixture is never made again.
#include <cstdio>

#include "tests/golden/golden_log.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: make_golden_log DIRECTORY\n", stderr);
    return 2;
  }
  if (const auto made = segue::test::make_golden_log(argv[1]); !made) {
    std::fprintf(stderr, "%s\n", made.error().detail.c_str());
    return 3;
  }
  return 0;
}
