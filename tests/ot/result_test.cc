#include "ot/result.h"

#include <set>

#include <doctest/doctest.h>

using namespace segue::ot;

TEST_CASE("errors: every code has its own wire name") {
  std::set<std::string_view> names;
  for (int code = 1; code <= static_cast<int>(Errc::version_conflict); ++code) {
    const auto name = errc_name(static_cast<Errc>(code));
    CHECK(name.substr(0, 4) == "ERR_");
    CHECK(names.insert(name).second);
  }
  CHECK(errc_name(Errc::uncoded).empty());
}
