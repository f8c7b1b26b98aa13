// Checks that know which guarantee a mistake breaks. Each lives through one short story and says
// what it saw. Two programs run them: guarantees_test.cc over the product, in which they find
// nothing, and controls_test.cc over the product with the bugs of ot/planted_bug.h, in which they
// must find something, or the tests prove nothing.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "ot/planted_bug.h"

namespace segue::tests {

// What was broken, beginning with the guarantee; nothing if all is well.
using Violation = std::optional<std::string>;

Violation check_acks_are_durable();
Violation check_durable_before_visible();
Violation check_dedupe_after_restart();
Violation check_dedupe_from_any_base();
Violation check_batches_keep_order();
Violation check_failed_batches_are_not_acknowledged();
Violation check_power_cuts();
Violation check_every_wake_up_counts();
Violation check_nothing_is_built_on_a_failure();
Violation check_outbox_keeps_what_it_took();

struct Control {
  ot::Bug bug;
  std::string_view guarantee;  // what the violation begins with
  Violation (*check)();        // REQUIRES: this process has one thread
};

inline constexpr std::array<Control, 10> controls{{
    {ot::Bug::ack_before_sync, "G1 durable acks: ", check_acks_are_durable},
    {ot::Bug::broadcast_before_sync, "G2 durable before visible: ", check_durable_before_visible},
    {ot::Bug::dedupe_forgotten_at_restart, "G3 exactly once: ", check_dedupe_after_restart},
    {ot::Bug::dedupe_from_base_only, "G3 exactly once: ", check_dedupe_from_any_base},
    {ot::Bug::batch_order_swapped, "G5 one order: ", check_batches_keep_order},
    {ot::Bug::ack_in_failed_batch, "G1 durable acks: ", check_failed_batches_are_not_acknowledged},
    {ot::Bug::no_meta_sync, "G1 durable acks: ", check_power_cuts},
    {ot::Bug::lost_wake_up, "G7 nothing lost: ", check_every_wake_up_counts},
    {ot::Bug::carry_on_after_failed_append, "G10 full: ", check_nothing_is_built_on_a_failure},
    {ot::Bug::outbox_drops_frame, "G9 slow readers: ", check_outbox_keeps_what_it_took},
}};

}  // namespace segue::tests
