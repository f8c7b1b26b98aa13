// Frame: one or more outgoing WebSocket text messages, framed and ready for the socket. Immutable;
// a copy shares the bytes, so that a broadcast is encoded once for all its receivers.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace segue::server {

class Frame {
 public:
  Frame() = default;
  // Frames one message (RFC 6455 section 5.2: FIN, text, not masked, not compressed).
  static Frame text(std::string_view message);
  // Bytes that are frames already.
  static Frame raw(std::string bytes);

  std::string_view bytes() const { return bytes_ ? std::string_view(*bytes_) : std::string_view(); }
  explicit operator bool() const { return bytes_ != nullptr; }

 private:
  explicit Frame(std::shared_ptr<const std::string> bytes) : bytes_(std::move(bytes)) {}
  std::shared_ptr<const std::string> bytes_;
};

// Appends a framed text message to `out`.
void append_text_frame(std::string_view message, std::string& out);

}  // namespace segue::server
