// WebSocket text frames as a stream of bytes brings them, cut anywhere. Only what server/frame.h
// makes: whole, unmasked text frames.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace segue::sim {

class FrameReader {
 public:
  void add(std::string_view bytes) { bytes_ += bytes; }
  // The next message that is complete.
  std::optional<std::string> next() {
    const auto byte = [this](std::size_t i) { return static_cast<unsigned char>(bytes_[i]); };
    if (bytes_.size() < 2) {
      return std::nullopt;
    }
    const std::size_t length_bytes = byte(1) == 126 ? 2 : byte(1) == 127 ? 8 : 0;
    if (bytes_.size() < 2 + length_bytes) {
      return std::nullopt;
    }
    std::size_t size = length_bytes == 0 ? byte(1) : 0;
    for (std::size_t i = 0; i < length_bytes; ++i) {
      size = size * 256 + byte(2 + i);
    }
    const std::size_t header = 2 + length_bytes;
    if (bytes_.size() < header + size) {
      return std::nullopt;
    }
    std::string message = bytes_.substr(header, size);
    bytes_.erase(0, header + size);
    return message;
  }

 private:
  std::string bytes_;
};

}  // namespace segue::sim
