// The work that transforming may do, in pairs of components: pure ops of a few kilobytes can
// otherwise ask for hours. And whether something was overwritten on the way.
#pragma once

#include <algorithm>
#include <cstddef>

#include "ot/result.h"

namespace segue::ot {

class Steps {
 public:
  static constexpr std::size_t steps_max = 10'000'000;

  explicit Steps(std::size_t count = steps_max) : left_(count) {}

  std::size_t left() const { return left_; }
  // Whether `count` more are left. Errors: too_costly.
  Result<void> check(std::size_t count) const {
    if (count <= left_) return {};
    return fail(Errc::too_costly, "transforming these ops takes too many steps");
  }
  // Uses `count` of them up. Errors: too_costly.
  Result<void> take(std::size_t count) {
    auto enough = check(count);
    if (enough) left_ -= count;
    return enough;
  }
  void grant(std::size_t count) { left_ += count; }

  // A component replaces a value that its author had not seen. Record types tell.
  void note_overwrite() { has_overwritten_ = true; }
  bool has_overwritten() const { return has_overwritten_; }

 private:
  std::size_t left_;
  bool has_overwritten_ = false;
};

}  // namespace segue::ot
