// Boxed<T>: a T or nothing, as std::optional, but elsewhere in memory: for what is large and rare.
#pragma once

#include <memory>
#include <utility>

namespace segue::ot {

template <class T>
// NOLINTNEXTLINE(cppcoreguidelines-special-member-functions): one assignment serves copy and move.
class Boxed {
 public:
  Boxed() noexcept = default;
  // NOLINTNEXTLINE(google-explicit-constructor): as std::optional.
  Boxed(T value) : value_(std::make_unique<T>(std::move(value))) {}
  Boxed(const Boxed& other) : value_(other ? std::make_unique<T>(*other) : nullptr) {}
  Boxed(Boxed&&) noexcept = default;
  Boxed& operator=(Boxed other) noexcept {
    value_ = std::move(other.value_);
    return *this;
  }
  ~Boxed() = default;

  explicit operator bool() const noexcept { return value_ != nullptr; }
  // REQUIRES below: there is one.
  const T& operator*() const noexcept { return *value_; }
  const T* operator->() const noexcept { return value_.get(); }

  bool operator==(const Boxed& other) const {
    return value_ && other.value_ ? *value_ == *other.value_ : !value_ && !other.value_;
  }

 private:
  std::unique_ptr<T> value_;
};

}  // namespace segue::ot
