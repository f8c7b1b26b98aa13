#include "oplog/salts.h"

#include <sys/random.h>

#include "ot/assert.h"

namespace segue::oplog {
namespace {

class RandomSalts {
 public:
  Salts operator()() {
    if (used_ == salts_.size()) {
      refill();
    }
    return salts_[used_++];
  }

 private:
  void refill() {
    for (Salts& salts : salts_) {
      // Up to 256 bytes come whole and cannot fail once the system has started.
      OT_ASSERT(::getrandom(&salts, sizeof(salts), 0) == ssize_t{sizeof(salts)});
    }
    used_ = 0;
  }

  std::array<Salts, 64> salts_;
  std::size_t used_ = salts_.size();
};

}  // namespace

SaltSource random_salts() { return RandomSalts{}; }

}  // namespace segue::oplog
