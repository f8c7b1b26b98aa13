// Outbox: the frames that wait for one connection's socket, in order and bounded.
//
// Strand: the connection's. Pure: it knows no socket.
#pragma once

#include <cstddef>
#include <deque>
#include <span>
#include <string_view>

#include "server/frame.h"

namespace segue::server {

class Outbox {
 public:
  Outbox(std::size_t bytes_max, std::size_t frames_max)
      : bytes_max_(bytes_max), frames_max_(frames_max) {}

  // False, and nothing is queued, if the bounds do not allow it: the reader is too slow. An empty
  // outbox takes one frame of any size.
  [[nodiscard]] bool push(Frame frame);
  // For what must not be refused: control frames, and pieces that are sent one at a time.
  void push_unbounded(Frame frame);

  bool empty() const { return frames_.empty(); }
  std::size_t bytes() const { return bytes_; }
  std::size_t frames() const { return frames_.size(); }

  // The next bytes to write, in order, as many pieces as there are or `pieces` holds. Returns how
  // many. Valid until the outbox is changed.
  std::size_t front(std::span<std::string_view> pieces) const;
  // So many bytes were written. REQUIRES: at most bytes().
  void consume(std::size_t bytes);
  // Drops what waits, but for a frame that is partly written.
  void drop_unsent();

 private:
  std::size_t bytes_max_;
  std::size_t frames_max_;
  std::size_t bytes_ = 0;    // not yet written
  std::size_t written_ = 0;  // of the first frame
  std::deque<Frame> frames_;
};

}  // namespace segue::server
