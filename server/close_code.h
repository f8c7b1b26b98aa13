// Why a connection is closed, as a WebSocket close code. Stable; normative: spec/limits.md.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace segue::server {

struct CloseReason {
  std::uint16_t code;
  std::string_view text;
};

inline constexpr CloseReason going_away{1001, "server is shutting down"};
inline constexpr CloseReason not_text{1003, "only text frames"};
inline constexpr CloseReason not_json{1007, "message is not JSON"};
inline constexpr CloseReason not_an_object{1007, "message is not an object"};
inline constexpr CloseReason try_again_later{1013, "try again later"};
inline constexpr CloseReason logged_out{4001, "token expired or revoked"};
inline constexpr CloseReason no_longer_allowed{4003, "no longer allowed to read a document"};
inline constexpr CloseReason stalled{4010, "no progress in a message"};
inline constexpr CloseReason silent{4011, "no valid message"};
inline constexpr CloseReason too_many_frames{4029, "too many frames that carry nothing"};
inline constexpr CloseReason slow_consumer{4008, "slow consumer"};

inline constexpr std::array close_reasons = {
    going_away, not_text,          not_json, not_an_object, try_again_later, slow_consumer,
    logged_out, no_longer_allowed, stalled,  silent,        too_many_frames};

// Its place among them; a longer text counts as the one that it begins with.
constexpr std::size_t index_of(const CloseReason& reason) {
  std::size_t index = 0;
  while (index + 1 < close_reasons.size() &&
         (close_reasons[index].code != reason.code ||
          !reason.text.starts_with(close_reasons[index].text))) {
    ++index;
  }
  return index;
}

}  // namespace segue::server
