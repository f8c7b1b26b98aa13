// Packs the messages of frames that are ready to be sent. Any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace segue::server {

// Shorter messages stay as they are, and those that packing makes no shorter.
inline constexpr std::size_t packed_bytes_min = 1024;

// `frames`: whole text messages, a frame each (server/frame.h).
std::string pack_frames(std::string_view frames);

}  // namespace segue::server
