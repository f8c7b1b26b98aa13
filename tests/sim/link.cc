#include "tests/sim/link.h"

#include <algorithm>
#include <utility>

#include "tests/sim/process.h"
#include "tests/sim/world.h"

namespace segue::sim {

namespace {
constexpr std::size_t wide_window = std::size_t{64} << 10;
}

Link::Link(World& world, std::uint64_t number, ClientEnd& client)
    : world_(world),
      number_(number),
      dice_(world.seed(), 10'000 + number),
      client_(&client),
      up_(world.scheduler(), dice_),
      down_(world.scheduler(), dice_) {
  const Faults faults = world.healed() ? Faults(0) : world.faults();
  slow_network_ = faults.on(Fault::slow_network) && dice_.chance(40);
  slow_reader_ = faults.on(Fault::slow_reader) && dice_.chance(50);
  window_ = slow_reader_ ? 200 + dice_.below(2'000) : wide_window;
}

Time Link::latency() {
  return slow_network_ ? dice_.between(20 * ms, 3 * second) : dice_.long_tailed(200, 60 * ms);
}

void Link::open() {
  up_.push(latency(), [self = shared_from_this()] {
    const auto process = self->world_.process();
    if (process == nullptr || !process->accepts()) {
      return self->server_gone(true);
    }
    self->process_ = process;
    process->on_connect(self);
  });
}

void Link::send(std::string text) {
  up_.push(latency(), [self = shared_from_this(), text = std::move(text)] {
    self->at_server([text](ServerEnd& server) { server.on_message(text); });
  });
}

void Link::accepted_by(const std::shared_ptr<ServerEnd>& server) { server_ = server; }

// In the order of the calls, and after a pause of the process.
void Link::at_server(std::function<void(ServerEnd&)> what) {
  if (const auto process = process_.lock()) {
    process->run([self = shared_from_this(), what = std::move(what)] {
      if (const auto server = self->server_.lock()) {
        what(*server);
      }
    });
  }
}

void Link::leave(bool unnoticed) {
  client_ = nullptr;
  down_.clear();
  end_server(unnoticed ? dice_.between(2 * second, 20 * second) : latency());
}

void Link::end_server(Time delay) {
  up_.push(delay, [self = shared_from_this()] {
    self->at_server([](ServerEnd& server) { server.end(); });
  });
}

void Link::end_client() {
  if (ClientEnd* client = std::exchange(client_, nullptr)) {
    client->on_closed();
  }
}

std::size_t Link::write(std::string_view bytes) {
  const std::size_t taken = std::min(bytes.size(), window_ - std::min(window_, unread_));
  if (taken == 0) {
    return 0;
  }
  unread_ += taken;
  const Time reading = slow_reader_ ? dice_.between(10 * ms, 2 * second) : 0;
  down_.push(latency() + reading,
             [self = shared_from_this(), chunk = std::string(bytes.substr(0, taken))] {
               self->arrive(chunk);
             });
  return taken;
}

void Link::arrive(const std::string& bytes) {
  if (deaf_ || client_ == nullptr) {
    return;  // The machine may have it; the client does not.
  }
  unread_ -= bytes.size();
  up_.push(latency(), [self = shared_from_this()] {
    self->at_server([](ServerEnd& server) { server.on_space(); });
  });
  reader_.add(bytes);
  while (client_ != nullptr) {
    const auto message = reader_.next();
    if (!message) {
      return;
    }
    client_->on_message(*message);
  }
}

void Link::close_after_what_was_written() {
  down_.push(latency(), [self = shared_from_this()] {
    if (self->deaf_) {
      return;
    }
    self->end_client();
    self->end_server(self->latency());
  });
}

void Link::server_gone(bool client_is_told) {
  server_.reset();
  const Time delay = client_is_told ? latency() : dice_.between(1 * second, 8 * second);
  if (!client_is_told) {
    down_.clear();
  }
  down_.push(delay, [self = shared_from_this()] { self->end_client(); });
}

void Link::reset() {
  up_.clear();
  down_.clear();
  down_.push(latency(), [self = shared_from_this()] { self->end_client(); });
  end_server(latency());
}

void Link::make_deaf() {
  deaf_ = true;
  world_.scheduler().after(dice_.between(1 * second, 6 * second), dice_,
                           [self = shared_from_this()] {
                             self->end_client();
                             self->end_server(self->dice_.between(0, 10 * second));
                           });
}

void Link::heal() {
  slow_network_ = false;
  slow_reader_ = false;
  window_ = wide_window;
}

}  // namespace segue::sim
