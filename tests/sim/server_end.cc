#include "tests/sim/server_end.h"

#include <algorithm>
#include <array>
#include <utility>

#include "ot/builtin_types.h"
#include "tests/sim/frames.h"
#include "tests/sim/process.h"
#include "tests/sim/world.h"

namespace segue::sim {

namespace {
constexpr std::size_t pieces_per_write = 64;
constexpr Time close_timeout = 10 * second;
}  // namespace

ServerEnd::ServerEnd(Process& process, std::shared_ptr<Link> link, std::size_t worker)
    : Client(worker),
      process_(process.shared_from_this()),
      link_(std::move(link)),
      session_(ot::ClientId{"s" + std::to_string(link_->number())}, process.world().limits(),
               &ot::find_type, *this),
      outbox_(process.world().limits().outbox_bytes_max,
              process.world().limits().outbox_frames_max) {}

void ServerEnd::on_message(const std::string& text) {
  if (state_ == State::open && !ignoring_) {
    session_.on_message(text);
  }
}

void ServerEnd::end() {
  if (state_ == State::ended) {
    return;
  }
  const auto self = shared_from_this();
  state_ = State::ended;
  set_ended();
  process_->forget(*this);
  session_.stop();
  drained();
  for (const auto& callback : std::exchange(catch_ups_, {})) {
    callback();
  }
}

void ServerEnd::close(server::CloseReason reason) {
  if (state_ != State::open) {
    return;
  }
  state_ = State::closing;
  closed_for_ = reason.text;
  if (reason.code == server::slow_consumer.code) {
    outbox_.drop_unsent();
  }
  schedule_write();
  process_->world().scheduler().after(close_timeout, link_->dice(), [self = weak_from_this()] {
    if (const auto end = self.lock()) {
      end->process().run([end] { end->end(); });
    }
  });
}

void ServerEnd::forward(const ot::DocId& doc, server::DocRequest request) {
  request.client = shared_from_this();
  process_->route(worker(), doc, std::move(request));
}

void ServerEnd::forward(server::ChannelRequest request) {
  request.client = shared_from_this();
  process_->route(worker(), std::move(request));
}

void ServerEnd::forward(server::QueryRequest request) {
  request.client = shared_from_this();
  process_->route(worker(), std::move(request));
}

// ---- outgoing

void ServerEnd::check(const server::Frame& frame) {
  FrameReader reader;
  reader.add(frame.bytes());
  while (const auto message = reader.next()) {
    process_->world().ledger().check_outgoing(*message);
  }
}

void ServerEnd::send(const server::Frame& frame) {
  if (state_ != State::open) {
    return;
  }
  check(frame);
  if (!outbox_.push(frame)) {
    return close(server::slow_consumer);
  }
  largest_frame_ = std::max(largest_frame_, frame.bytes().size());
  const server::Limits& limits = process_->world().limits();
  if (outbox_.bytes() > std::max(limits.outbox_bytes_max, largest_frame_) + largest_piece_ ||
      outbox_.frames() > limits.outbox_frames_max + 1) {
    throw Violation("S9/G8 bounded: the outbox of link " + std::to_string(number()) + " holds " +
                    std::to_string(outbox_.bytes()) + " bytes in " +
                    std::to_string(outbox_.frames()) + " frames");
  }
  schedule_write();
}

void ServerEnd::deliver_piece(const server::Frame& frame) {
  if (state_ != State::open) {
    return;
  }
  check(frame);
  largest_piece_ = std::max(largest_piece_, frame.bytes().size());
  outbox_.push_unbounded(frame);
  schedule_write();
}

void ServerEnd::begin_catch_up(std::function<void()> callback) {
  if (state_ == State::ended || !catching_up_) {
    catching_up_ = true;
    return callback();
  }
  catch_ups_.push_back(std::move(callback));
}

void ServerEnd::end_catch_up() {
  catching_up_ = false;
  if (!catch_ups_.empty()) {
    const auto next = std::move(catch_ups_.front());
    catch_ups_.pop_front();
    begin_catch_up(next);
  }
}

void ServerEnd::when_drained(std::function<void()> callback) {
  if (state_ == State::ended || outbox_.empty()) {
    return callback();
  }
  when_drained_.push_back(std::move(callback));
}

void ServerEnd::drained() {
  for (const auto& callback : std::exchange(when_drained_, {})) {
    callback();
  }
}

void ServerEnd::schedule_write() {
  if (writing_) {
    return;
  }
  writing_ = true;
  process_->world().scheduler().after(link_->dice().between(0, 100), link_->dice(),
                                      [self = weak_from_this()] {
                                        if (const auto end = self.lock()) {
                                          end->process().run([end] { end->write(); });
                                        }
                                      });
}

void ServerEnd::on_space() {
  if (writing_ && state_ != State::ended) {
    write();
  }
}

// Goes on with on_space() while the window is full.
void ServerEnd::write() {
  if (state_ == State::ended) {
    return;
  }
  while (!outbox_.empty()) {
    std::array<std::string_view, pieces_per_write> pieces;
    const std::size_t count = outbox_.front(pieces);
    std::string bytes;
    for (std::size_t i = 0; i < count; ++i) {
      bytes += pieces[i];
    }
    const std::size_t taken = link_->write(bytes);
    if (taken == 0) {
      return;
    }
    outbox_.consume(taken);
  }
  writing_ = false;
  if (state_ == State::closing && !std::exchange(close_sent_, true)) {
    process_->world().note({"close link ", std::to_string(number()), ": ", closed_for_});
    link_->close_after_what_was_written();
  }
  drained();
}

}  // namespace segue::sim
