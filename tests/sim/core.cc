#include "tests/sim/core.h"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "ot/assert.h"

namespace segue::sim {

void Trace::add(Time now, std::initializer_list<std::string_view> parts) {
  const auto mix = [this](unsigned char byte) { hash_ = (hash_ ^ byte) * 0x100000001b3; };
  for (int shift = 0; shift < 64; shift += 8) {
    mix(static_cast<unsigned char>(now >> shift));
  }
  for (const std::string_view part : parts) {
    for (const char letter : part) {
      mix(static_cast<unsigned char>(letter));
    }
  }
  if (!print_) {
    return;
  }
  std::printf("%10.3f ", static_cast<double>(now) / static_cast<double>(ms));
  for (const std::string_view part : parts) {
    std::printf(" %.*s", static_cast<int>(part.size()), part.data());
  }
  std::printf("\n");
}

bool Scheduler::later(const Event& a, const Event& b) {
  if (a.at != b.at) {
    return a.at > b.at;
  }
  return a.tie != b.tie ? a.tie > b.tie : a.number > b.number;
}

void Scheduler::after(Time delay, Dice& dice, Task task) {
  queue_.push_back({now_ + std::max<Time>(delay, 0), dice.bits(), scheduled_++, std::move(task)});
  std::push_heap(queue_.begin(), queue_.end(), later);
}

void Scheduler::step() {
  OT_ASSERT(!queue_.empty());
  std::pop_heap(queue_.begin(), queue_.end(), later);
  Event event = std::move(queue_.back());
  queue_.pop_back();
  now_ = event.at;
  ++events_;
  event.task();
}

// Each event of a lane runs the task that is first then, so the order holds also where events of
// equal time change places.
void Lane::push(Time delay, Scheduler::Task task) {
  tasks_->push_back(std::move(task));
  last_ = std::max(last_, scheduler_.now() + delay);
  scheduler_.after(last_ - scheduler_.now(), dice_, [tasks = tasks_] {
    if (tasks->empty()) {
      return;
    }
    const auto first = std::move(tasks->front());
    tasks->pop_front();
    first();
  });
}

}  // namespace segue::sim
