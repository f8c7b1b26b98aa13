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

  // The same as `pack` makes of its bytes, which is done once for all copies. REQUIRES: it is
  // always the same function. Any thread.
  Frame packed(std::string (*pack)(std::string_view frames)) const;

  std::string_view bytes() const;
  explicit operator bool() const { return shared_ != nullptr; }

 private:
  struct Shared;
  std::shared_ptr<Shared> shared_;
  bool is_packed_ = false;
};

enum class Packing { none, deflate };
// Appends a framed text message to `out`; `packing`: what has been done to it.
void append_text_frame(std::string_view message, std::string& out, Packing packing = Packing::none);

}  // namespace segue::server
