// Planted bugs: mistakes that the tests must notice, or the tests prove nothing. Each flips one
// line of the product, and only in programs built with SEGUE_PLANTED_BUGS and told which one to
// have; everywhere else planted() is false at compile time, and the line is not there.
//
// tests/controls names the test that catches each of them.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace segue::ot {

enum class Bug : std::uint8_t {
  ack_before_sync = 1,           // B1
  broadcast_before_sync,         // B2
  dedupe_forgotten_at_restart,   // B3: the log's index is not asked
  dedupe_from_base_only,         // B4: an op committed before its resend's base is not found
  batch_order_swapped,           // B5
  ack_in_failed_batch,           // B6
  no_meta_sync,                  // B7: LMDB's MDB_NOMETASYNC
  lost_wake_up,                  // B8: what is queued during a sync waits for the next to come
  carry_on_after_failed_append,  // B9: versions that were never written are built upon
  outbox_drops_frame,            // B10: silently, where it is full
  presence_left_behind,          // B11: of a client that has gone
  query_keeps_results,           // B12: whatever becomes of its documents
};

// "B1" to "B12"; nothing for another name.
std::optional<Bug> bug_named(std::string_view name);

#ifdef SEGUE_PLANTED_BUGS
bool planted(Bug bug);
// From now on the program has this bug, or none. Any thread.
void plant(std::optional<Bug> bug);
#else
constexpr bool planted(Bug) { return false; }
#endif

}  // namespace segue::ot
