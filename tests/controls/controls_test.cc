// The controls: with a bug planted, its check must report a violation of the guarantee it breaks.
#include <algorithm>

#include <doctest/doctest.h>

#include "tests/controls/checks.h"

using namespace segue;
using namespace segue::tests;
using ot::Bug;

namespace {

void expect_caught(Bug bug) {
  const auto control = std::find_if(controls.begin(), controls.end(),
                                    [bug](const Control& one) { return one.bug == bug; });
  REQUIRE_MESSAGE(control != controls.end(), "no check is named for this bug");
  ot::plant(bug);
  const Violation violation = control->check();
  ot::plant(std::nullopt);
  REQUIRE_MESSAGE(violation.has_value(), "the bug is not noticed");
  MESSAGE(*violation);
  CHECK(violation->starts_with(control->guarantee));
}

}  // namespace

TEST_CASE("control B1: an ack before its sync is caught") { expect_caught(Bug::ack_before_sync); }

TEST_CASE("control B2: a broadcast before its sync is caught") {
  expect_caught(Bug::broadcast_before_sync);
}

TEST_CASE("control B3: a restart that forgets which ops it knows is caught") {
  expect_caught(Bug::dedupe_forgotten_at_restart);
}

TEST_CASE("control B4: looking for a resent op from its base version on is caught") {
  expect_caught(Bug::dedupe_from_base_only);
}

TEST_CASE("control B5: a batch in another order is caught") {
  expect_caught(Bug::batch_order_swapped);
}

TEST_CASE("control B6: an ack for an op of a failed batch is caught") {
  expect_caught(Bug::ack_in_failed_batch);
}

TEST_CASE("control B7: a log that leaves its meta page unsynced is caught") {
  expect_caught(Bug::no_meta_sync);
}

TEST_CASE("control B8: a wake-up of the commit thread that is lost is caught") {
  expect_caught(Bug::lost_wake_up);
}

TEST_CASE("control B9: carrying on after a failed append is caught") {
  expect_caught(Bug::carry_on_after_failed_append);
}

TEST_CASE("control B10: an outbox that drops a frame silently is caught") {
  expect_caught(Bug::outbox_drops_frame);
}

TEST_CASE("controls: without a planted bug the same program passes every check") {
  ot::plant(std::nullopt);
  for (const Control& control : controls) {
    if (control.bug != Bug::lost_wake_up) {  // Its patience here is too short for an innocent.
      CHECK_FALSE(control.check().has_value());
    }
  }
}
