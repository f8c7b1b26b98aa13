#include "oplog/salts.h"

#include <cerrno>

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
  // One call for many: asking the system costs more than the hashes of a record.
  void refill() {
    auto* bytes = reinterpret_cast<std::uint8_t*>(salts_.data());
    for (std::size_t filled = 0; filled < sizeof(salts_);) {
      const ssize_t got = ::getrandom(bytes + filled, sizeof(salts_) - filled, 0);
      OT_ASSERT(got > 0 || errno == EINTR);
      filled += got > 0 ? static_cast<std::size_t>(got) : 0;
    }
    used_ = 0;
  }

  std::array<Salts, 128> salts_;
  std::size_t used_ = salts_.size();
};

}  // namespace

SaltSource random_salts() { return RandomSalts{}; }

}  // namespace segue::oplog
