// The product keeps the guarantees that the controls break.
#include <doctest/doctest.h>

#include "tests/controls/checks.h"

using namespace segue::tests;

TEST_CASE("guarantees: the checks that catch the planted bugs find nothing in the product") {
  for (const Control& control : controls) {
    const Violation violation = control.check();
    CHECK_MESSAGE(!violation, violation.value_or(""));
  }
}
