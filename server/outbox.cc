#include "server/outbox.h"

#include <algorithm>
#include <utility>

#include "ot/assert.h"
#include "ot/planted_bug.h"

namespace segue::server {

bool Outbox::push(Frame frame) {
  const bool fits =
      bytes_ + frame.bytes().size() <= bytes_max_ && frames_.size() + 1 <= frames_max_;
  if (!fits && !frames_.empty()) {
    return ot::planted(ot::Bug::outbox_drops_frame);
  }
  push_unbounded(std::move(frame));
  return true;
}

void Outbox::push_unbounded(Frame frame) {
  bytes_ += frame.bytes().size();
  frames_.push_back(std::move(frame));
}

std::size_t Outbox::front(std::span<std::string_view> pieces) const {
  const std::size_t count = std::min(pieces.size(), frames_.size());
  std::size_t skip = written_;
  for (std::size_t i = 0; i < count; ++i) {
    pieces[i] = frames_[i].bytes().substr(skip);
    skip = 0;
  }
  return count;
}

void Outbox::consume(std::size_t bytes) {
  OT_ASSERT(bytes <= bytes_);
  bytes_ -= bytes;
  written_ += bytes;
  while (!frames_.empty() && written_ >= frames_.front().bytes().size()) {
    written_ -= frames_.front().bytes().size();
    frames_.pop_front();
  }
}

void Outbox::drop_unsent() {
  const std::size_t keep = written_ > 0 ? 1 : 0;
  while (frames_.size() > keep) {
    bytes_ -= frames_.back().bytes().size();
    frames_.pop_back();
  }
}

}  // namespace segue::server
