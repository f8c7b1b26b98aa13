// Wire: a WebSocket to a server under test, one call after the other.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "clients/cpp/url.h"

namespace segue::server {

class Wire {
 public:
  enum class Frame { text, binary };

  // Connects. Throws std::runtime_error where that fails or takes longer than `patience`.
  Wire(const client::Url& url, std::chrono::milliseconds patience);
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;
  // Hangs up.
  ~Wire();

  // What cannot be sent any more is dropped: the end of the connection shows when receiving.
  void send(std::string_view text, Frame frame = Frame::text);
  // The next message; nothing where none comes within the patience, or the server has hung up.
  std::optional<std::string> receive();
  // The code with which the server closed; 0 where it hung up without one. Nothing while it is
  // open.
  std::optional<int> close_code() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace segue::server
