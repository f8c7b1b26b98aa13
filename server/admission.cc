#include "server/admission.h"

#include <utility>

namespace segue::server {

Admission::Place::Place(Place&& other) noexcept
    : admission_(std::exchange(other.admission_, nullptr)),
      address_(std::move(other.address_)),
      is_stranger_(other.is_stranger_) {}

Admission::Place::~Place() {
  if (admission_ != nullptr) {
    admission_->leave(address_, is_stranger_);
  }
}

void Admission::Place::introduce() {
  if (std::exchange(is_stranger_, false)) {
    admission_->introduce();
  }
}

std::optional<Admission::Place> Admission::enter(const std::string& address) {
  const std::lock_guard lock(mutex_);
  const auto known = by_address_.find(address);
  const std::size_t of_address = known == by_address_.end() ? 0 : known->second;
  if (strangers_ >= limits_.strangers_max || of_address >= limits_.per_address_max) {
    return std::nullopt;
  }
  ++strangers_;
  by_address_[address] = of_address + 1;
  return Place(*this, address);
}

std::size_t Admission::strangers() const {
  const std::lock_guard lock(mutex_);
  return strangers_;
}

void Admission::leave(const std::string& address, bool is_stranger) {
  const std::lock_guard lock(mutex_);
  strangers_ -= is_stranger ? 1 : 0;
  const auto known = by_address_.find(address);
  if (--known->second == 0) {
    by_address_.erase(known);
  }
}

void Admission::introduce() {
  const std::lock_guard lock(mutex_);
  --strangers_;
}

}  // namespace segue::server
