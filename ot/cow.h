// Cow<T>: a counted pointer to a value that is shared until somebody edits it.
//
// The count lives in the value (T derives from RefCounted) and is atomic, so holders may be on
// different threads; one Cow object belongs to one thread at a time. A value with one holder is
// edited in place, any other is copied first.
#pragma once

#include <atomic>
#include <concepts>
#include <cstdint>
#include <type_traits>
#include <utility>

#include "ot/assert.h"

namespace segue::ot {

// The base of what a Cow points to. Polymorphic, so that a Cow can drop a T that is incomplete
// where the Cow's owner is defined.
class RefCounted {
 public:
  RefCounted() noexcept = default;
  RefCounted(const RefCounted&) noexcept {}  // A copy starts its own count.
  RefCounted(RefCounted&&) = delete;
  RefCounted& operator=(const RefCounted&) = delete;
  RefCounted& operator=(RefCounted&&) = delete;
  virtual ~RefCounted() = default;

  void retain() const noexcept { refs_.fetch_add(1, std::memory_order_relaxed); }
  // True if the caller was the last holder and has to delete. A sole holder needs no
  // read-modify-write: nobody is left who could copy it meanwhile.
  bool release() const noexcept {
    return is_sole() || refs_.fetch_sub(1, std::memory_order_acq_rel) == 1;
  }
  // Acquires what former holders did before they let go.
  bool is_sole() const noexcept { return refs_.load(std::memory_order_acquire) == 1; }

 private:
  mutable std::atomic<std::uint32_t> refs_{1};
};

// Whether a T may be moved by copying its bytes and forgetting the old one: so where nothing
// points into it, or to it.
template <class T>
constexpr bool moves_as_bytes = std::is_trivially_copyable_v<T>;

template <class T>
// NOLINTNEXTLINE(cppcoreguidelines-special-member-functions): one assignment serves copy and move.
class Cow {
 public:
  constexpr Cow() noexcept = default;
  // Takes over the count of one that a new object starts with.
  static Cow adopt(T* fresh) noexcept {
    Cow cow;
    cow.node_ = fresh;
    return cow;
  }
  Cow(const Cow& other) noexcept : node_(other.node_) {
    if (node_ != nullptr) node_->retain();
  }
  Cow(Cow&& other) noexcept : node_(std::exchange(other.node_, nullptr)) {}
  // NOLINTBEGIN(google-explicit-constructor): converts as pointers do.
  template <std::derived_from<T> Derived>
  Cow(Cow<Derived> other) noexcept : node_(std::exchange(other.node_, nullptr)) {}
  // NOLINTEND(google-explicit-constructor)
  Cow& operator=(Cow other) noexcept {
    std::swap(node_, other.node_);
    return *this;
  }
  ~Cow() {
    // NOLINTNEXTLINE(clang-analyzer-cplusplus.NewDelete): it does not follow the count.
    if (node_ != nullptr && node_->release()) delete node_;
  }

  explicit operator bool() const noexcept { return node_ != nullptr; }
  // REQUIRES below: not null.
  const T& operator*() const noexcept { return *get(); }
  const T* operator->() const noexcept { return get(); }
  const T* get() const noexcept { return static_cast<const T*>(node_); }
  bool is_sole() const noexcept { return node_->is_sole(); }
  // For a holder that knows itself to be the sole one.
  T& sole() noexcept {
    OT_ASSERT(is_sole());
    return *static_cast<T*>(node_);
  }
  // Copies the value first if anybody else holds it.
  T& edit() {
    if (!is_sole()) *this = adopt(new T(**this));
    return *static_cast<T*>(node_);
  }

  // The same value, not an equal one.
  bool operator==(const Cow& other) const noexcept { return node_ == other.node_; }

 private:
  template <class Other>
  friend class Cow;

  RefCounted* node_ = nullptr;
};

}  // namespace segue::ot
